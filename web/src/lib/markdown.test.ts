import { expect, test } from 'vitest';
import { Random } from '../testing/random';
import { plainBlocks, wordsOf, type Block, type Inline } from './blocks';
import { markdown } from './markdown';

/** A short form: `b(x)` bold, `i` italic, `s` strike, `h` hidden, `c` code, `a` link, `@9`, `#room`. */
function brief(piece: Inline): string {
  const marks = { bold: 'b', italic: 'i', strike: 's', spoiler: 'h' };
  if (piece.kind === 'text') return piece.text;
  if (piece.kind === 'code') return `c(${piece.text})`;
  if (piece.kind === 'mention') return `@${piece.user}`;
  if (piece.kind === 'room') return `#(${piece.name})`;
  const inner = piece.children.map(brief).join('');
  return piece.kind === 'link' ? `a(${inner}|${piece.href})` : `${marks[piece.kind]}(${inner})`;
}

function shape(block: Block): string {
  if (block.kind === 'paragraph') return block.children.map(brief).join('');
  if (block.kind === 'code') return `code[${block.language}](${block.text})`;
  if (block.kind === 'quote') return `quote(${block.blocks.map(shape).join(' / ')})`;
  const items = block.items.map(({ checked, blocks }) => {
    const box = checked === undefined ? '' : checked ? '[x] ' : '[ ] ';
    return box + blocks.map(shape).join(' / ');
  });
  return `${block.start ?? '-'}(${items.join(', ')})`;
}

const read = (body: string) => markdown(body).map(shape);
const plainText = (body: string, nameOf: (user: string) => string) => wordsOf(markdown(body), nameOf);

test.each([
  ['**bold** _italic_ ~~gone~~ `code`', ['b(bold) i(italic) s(gone) c(code)']],
  ['one\ntwo', ['one\ntwo']],
  ['one\n\ntwo', ['one', 'two']],
  ['> said\n> so\n\nyes', ['quote(said\nso)', 'yes']],
  ['- a\n- b\n  - c', ['-(a, b / -(c))']],
  ['3. a\n4. b', ['3(a, b)']],
  ['- [x] done\n- [ ] not', ['-([x] done, [ ] not)']],
  ['```go title\nx := 1\n```', ['code[go](x := 1)']],
  ['||who **did** it||', ['h(who b(did) it)']],
  ['a || b || c', ['a || b || c']],
  ['<@12>, <@everyone>', ['@12, @everyone']],
  ['`<@12>`', ['c(<@12>)']],
  ['see #design (#ops) a#b', ['see #(design) (#(ops)) a#b']],
  ['\\*not bold\\*', ['*not bold*']],
])('%j reads as markdown', (body, blocks) => {
  expect(read(body)).toEqual(blocks);
});

test.each([
  '# no heading',
  '| a | b |\n|---|---|\n| 1 | 2 |',
  '---',
  '<b>bold</b> <img src=x onerror=alert(1)>',
  '![picture](https://example.org/x.png)',
  '    indented',
  '[a]: example',
  '&lt;b&gt;',
])('%j is text', (body) => {
  expect(read(body).join('\n')).toBe(body);
});

test.each([
  ['[x](https://example.org/a)', 'a(x|https://example.org/a)'],
  ['https://example.org/a.', 'a(https://example.org/a|https://example.org/a).'],
  ['<https://example.org>', 'a(https://example.org|https://example.org/)'],
  ['ann@example.org', 'a(ann@example.org|mailto:ann@example.org)'],
  ['[x](javascript:alert(1))', '[x](javascript:alert(1))'],
  ['[x](JaVaScRiPt:alert(1))', '[x](JaVaScRiPt:alert(1))'],
  ['[x](data:text/html,1)', '[x](data:text/html,1)'],
  ['[x](/relative)', '[x](/relative)'],
  ['[x](vbscript:a)', '[x](vbscript:a)'],
])('only web and mail addresses become links: %j', (body, shown) => {
  expect(read(body)).toEqual([shown]);
});

test('what is nested deeper than anybody writes is still shown, as text', () => {
  for (const body of ['>'.repeat(8000), '1. '.repeat(2600), '> '.repeat(40) + 'deep', '[a]('.repeat(2000)]) {
    expect(plainText(body, String).replace(/[\s>]/g, '').length).toBeGreaterThanOrEqual(0);
    expect(markdown(body).length).toBeGreaterThan(0);
  }
  expect(plainText('>'.repeat(8000), String)).toBe('>'.repeat(8000));
});

test('the words alone keep a spoiler hidden and tell names', () => {
  const body = '**Hi** <@12>, it was ||Ann||\n\n> said\n\n- one\n- two';
  expect(plainText(body, () => 'Bob')).toBe('Hi @Bob, it was █████\nsaid\none\ntwo');
});

test('a body is read once', () => {
  expect(markdown('read **once**')).toBe(markdown('read **once**'));
});

test('a body without markup reads the same without the reader of markup', () => {
  for (const body of [
    'hello',
    'one\ntwo',
    'one\n\ntwo',
    '<@12>: see #design (#ops)',
    'at 10:30, 5 - 3',
    '#design',
    'no!',
  ]) {
    expect(plainBlocks(body), body).toEqual(markdown(body));
  }
  const random = new Random(7);
  const parts = [
    'a',
    'Ann ',
    ' ',
    '\n',
    '\n\n',
    '- ',
    '1. ',
    '3) ',
    '# ',
    '#ops',
    '=',
    '-',
    '+ ',
    '<@12>',
    '.',
    '!',
    ':',
    '&amp;',
  ];
  const marks = [
    '@',
    '*',
    '_x_',
    '`',
    'www.',
    'https://a.example',
    '~',
    '[',
    '](',
    '\t',
    '\u00a0',
    '>',
    '<b>',
    '|',
    '\\',
    '  \n',
  ];
  let plain = 0;
  for (let round = 0; round < 20_000; round++) {
    const pieces = Array.from({ length: 1 + random.int(6) }, () => random.pick(random.chance(0.1) ? marks : parts));
    const body = pieces.join('');
    const light = plainBlocks(body);
    if (!light) continue;
    plain++;
    expect(light, JSON.stringify(body)).toEqual(markdown(body));
  }
  expect(plain).toBeGreaterThan(500);
});
