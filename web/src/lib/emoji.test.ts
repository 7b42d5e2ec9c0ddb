import { expect, test } from 'vitest';
import { inTone, loadEmoji } from './emoji';

test('every emoji is there, in nine groups', async () => {
  const book = await loadEmoji('en');
  expect(book.all.length).toBeGreaterThan(1800);
  expect(book.groups).toHaveLength(9);
  expect(book.groups[0]?.[0]?.char).toBe('😀');
});

test('they are found by the beginnings of words, the closest first', async () => {
  const book = await loadEmoji('en');
  expect(book.search('thumbs u', 5)[0]?.char).toBe('👍️');
  expect(book.search('thumbs_up', 5)[0]?.char).toBe('👍️');
  expect(book.search('party', 10).map((one) => one.char)).toContain('🎉');
  expect(book.search('no such thing', 10)).toEqual([]);
});

test('they are found in the language in use', async () => {
  const book = await loadEmoji('de');
  expect(book.search('herz', 60).map((one) => one.char)).toContain('❤️');
  expect((await loadEmoji('xx')).search('heart', 60).map((one) => one.char)).toContain('❤️');
});

test('hands take a tone of skin, smileys do not', async () => {
  const { all } = await loadEmoji('en');
  const wave = all.find((one) => one.char === '👋') ?? expect.unreachable();
  const smile = all.find((one) => one.char === '😀') ?? expect.unreachable();
  expect(inTone(wave, 1)).toBe('👋🏻');
  expect(inTone(wave, 0)).toBe('👋');
  expect(inTone(smile, 5)).toBe('😀');
});
