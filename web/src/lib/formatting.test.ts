import { expect, test } from 'vitest';
import { formatted, type Format } from './formatting';

/** Formats what stands between two "^", or at one, which is a caret; the result is shown the same way. */
function format(what: Format, shown: string): string {
  const parts = shown.split('^');
  const [before = '', chosen = '', after = ''] = parts.length === 3 ? parts : [parts[0], '', parts[1]];
  const text = before + chosen + after;
  const made = formatted(what, text, before.length, before.length + chosen.length);
  const result = text.slice(0, made.from) + made.text + text.slice(made.to);
  const select = result.slice(made.selectFrom, made.selectTo);
  const middle = select === '' ? '^' : `^${select}^`;
  return result.slice(0, made.selectFrom) + middle + result.slice(made.selectTo);
}

test.each([
  ['bold', 'a ^word^ b', 'a **^word^** b'],
  ['bold', 'a **^word^** b', 'a ^word^ b'],
  ['bold', 'a ^ word ^b', 'a  **^word^** b'],
  ['italic', 'a ^', 'a _^_'],
  ['strike', '^all^', '~~^all^~~'],
  ['code', '^x := 1^', '`^x := 1^`'],
  ['spoiler', 'it was ^Ann^', 'it was ||^Ann^||'],
  ['link', 'see ^this^', 'see [this](^https://^)'],
  ['link', 'see ^', 'see [^](https://)'],
  ['quote', 'one\nt^w^o', 'one\n> two^'],
  ['quote', '> one\n> t^wo', '> one\ntwo^'],
  ['list', '^one\ntwo^', '- one\n- two^'],
  ['list', '^- one\n- two^', 'one\ntwo^'],
  ['block', 'run ^make^ now', 'run \n```\n^make^\n```\n now'],
  ['block', '^', '```\n^\n```'],
] as const)('%s: %j becomes %j', (what, shown, result) => {
  expect(format(what, shown)).toBe(result);
});
