import { expect, test } from 'vitest';
import { fuzzy } from './fuzzy';

function best(query: string, ...texts: string[]): string[] {
  const scored = texts.map((text) => ({ text, score: fuzzy(query, text) }));
  const found = scored.filter((one): one is { text: string; score: number } => one.score !== undefined);
  return found.toSorted((a, b) => b.score - a.score).map((one) => one.text);
}

test('letters in order are found, whatever the case or accent', () => {
  expect(best('zoa', 'Zoë Ångström', 'Bob')).toEqual(['Zoë Ångström']);
  expect(best('dsgn', 'Design', 'Resign')).toEqual(['Design']);
});

test('the beginning counts most, then the beginning of a word, then a run', () => {
  expect(best('de', 'Made', 'Old desk', 'Design')).toEqual(['Design', 'Old desk', 'Made']);
  expect(best('an', 'A name', 'Ann')).toEqual(['Ann', 'A name']);
});

test('of two that answer as well, the shorter is meant', () => {
  expect(best('ops', 'Ops at night', 'Ops')).toEqual(['Ops', 'Ops at night']);
});

test('nothing typed is answered by everything', () => {
  expect(fuzzy('', 'Design')).toBeLessThanOrEqual(0);
  expect(fuzzy('x', 'Design')).toBeUndefined();
});
