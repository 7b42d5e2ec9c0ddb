import { expect, test } from 'vitest';
import { marked, wordsOf } from './marks';

const shown = (text: string, query: string) =>
  marked(text, wordsOf(query))
    .map((piece) => (piece.mark ? `[${piece.text}]` : piece.text))
    .join('');

test('what was looked for is marked, whatever the case or accents', () => {
  expect(shown('Morning! The new Header is in.', 'header')).toBe('Morning! The new [Header] is in.');
  expect(shown('Ein Ångström, angstrom', 'ANGS')).toBe('Ein [Ångs]tröm, [angs]trom');
  expect(shown('e\u0301cole', 'ecole')).toBe('[e\u0301cole]');
});

test('several words, and a phrase as one', () => {
  expect(shown('the header links to the right', 'links header')).toBe('the [header] [links] to the right');
  expect(shown('the new header', '"new header"')).toBe('the [new header]');
});

test('nothing found, and nothing to mark', () => {
  expect(shown('plain', 'other')).toBe('plain');
  expect(marked('', ['x'])).toEqual([]);
});
