/** What can be made of a selected text. */
export const formats = ['bold', 'italic', 'strike', 'code', 'spoiler', 'link', 'quote', 'list', 'block'] as const;
export type Format = (typeof formats)[number];

/** A change of a text, and what of the result is selected. */
export interface Formatted {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly selectFrom: number;
  readonly selectTo: number;
}

const MARKS = { bold: '**', italic: '_', strike: '~~', code: '`', spoiler: '||' } as const;
const STARTS = { quote: '> ', list: '- ' } as const;
const ADDRESS = 'https://';
const FENCE = '```';

/** Formats what is selected of a text; what has the format already loses it. */
export function formatted(format: Format, text: string, from: number, to: number): Formatted {
  switch (format) {
    case 'link':
      return link(text, from, to);
    case 'quote':
    case 'list':
      return lines(STARTS[format], text, from, to);
    case 'block':
      return block(text, from, to);
    default:
      return wrapped(MARKS[format], text, from, to);
  }
}

/** Marks stand at words: white space at the edges stays outside of them. */
function wrapped(mark: string, text: string, from: number, to: number): Formatted {
  const chosen = text.slice(from, to);
  const words = chosen.trim() || chosen;
  const start = from + chosen.indexOf(words);
  const end = start + words.length;
  const { length } = mark;
  if (end > start && text.slice(start - length, start) === mark && text.slice(end, end + length) === mark) {
    return { from: start - length, to: end + length, text: words, selectFrom: start - length, selectTo: end - length };
  }
  const marked = mark + words + mark;
  return { from: start, to: end, text: marked, selectFrom: start + length, selectTo: end + length };
}

function link(text: string, from: number, to: number): Formatted {
  const words = text.slice(from, to);
  const made = `[${words}](${ADDRESS})`;
  // With words the address is missing, without them the words are.
  const select = words === '' ? from + 1 : from + words.length + 3;
  return { from, to, text: made, selectFrom: select, selectTo: words === '' ? select : select + ADDRESS.length };
}

/** Whole lines, as far as the selection touches them. */
function lines(start: string, text: string, from: number, to: number): Formatted {
  const first = text.lastIndexOf('\n', from - 1) + 1;
  const next = text.indexOf('\n', to);
  const last = next < 0 ? text.length : next;
  const given = text.slice(first, last).split('\n');
  const all = given.every((line) => line.startsWith(start));
  const made = given.map((line) => (all ? line.slice(start.length) : start + line)).join('\n');
  return { from: first, to: last, text: made, selectFrom: first + made.length, selectTo: first + made.length };
}

function block(text: string, from: number, to: number): Formatted {
  const before = from === 0 || text[from - 1] === '\n' ? '' : '\n';
  const after = to === text.length || text[to] === '\n' ? '' : '\n';
  const inner = text.slice(from, to);
  const select = from + before.length + FENCE.length + 1;
  const made = `${before}${FENCE}\n${inner}\n${FENCE}${after}`;
  return { from, to, text: made, selectFrom: select, selectTo: select + inner.length };
}
