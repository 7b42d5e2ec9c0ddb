import 'fake-indexeddb/auto';
import { describe, expect, test } from 'vitest';
import { Random } from '../testing/random';
import { Backoff } from './backoff';
import { openDisk, PageDisk, type Disk } from './disk';
import { uuid } from './ids';
import { formatsOf } from './formats';
import { codePoints, excerpt, folded } from './text';
import { Times } from './times';

describe('text', () => {
  test('an excerpt is one line, and cuts no character in two', () => {
    expect(excerpt(' a\n b ', 10)).toBe('a b');
    expect(excerpt('😀😀😀😀', 3)).toBe('😀😀…');
    expect(excerpt('abc', 3)).toBe('abc');
  });

  test('what the server counts are code points', () => {
    expect(codePoints('a😀é')).toBe(3);
  });

  test('case, width and accents do not matter for finding', () => {
    expect(folded('Zoë ＡＢ')).toBe('zoe ab');
  });
});

describe('times', () => {
  const times = new Times('en-GB', { timeZone: 'UTC' });
  const now = Date.parse('2026-11-22T12:00:00.000Z');

  test('a clock has minutes, a full time everything', () => {
    expect(times.clock(now)).toBe('12:00');
    expect(times.full(now)).toMatch(/^Sunday,? 22 November 2026 at 12:00:00$/);
  });

  test('the day of a message has its name while it is near', () => {
    expect([times.day(now, now), times.day(now - 86_400_000, now)]).toEqual(['Today', 'Yesterday']);
    expect(new Times('de', { timeZone: 'UTC' }).day(now - 86_400_000, now)).toBe('Gestern');
  });

  test('a clock has twelve hours where somebody wants them', () => {
    expect(new Times('en-US', { timeZone: 'UTC', hour12: false }).clock(now + 3_600_000)).toBe('13:00');
    expect(new Times('de', { timeZone: 'UTC', hour12: true }).clock(now + 3_600_000)).toMatch(/^01:00.PM$/);
  });
});

describe('the formats of a language', () => {
  const { span, plural, number, list, bytes } = formatsOf('en');

  test('are made once', () => {
    expect(formatsOf('en')).toBe(formatsOf('en'));
  });

  test('say a span in whole units', () => {
    const said = [0, 59_000, 3_600_000, 172_800_000].map(span);
    expect(said).toEqual(['1 second', '59 seconds', '1 hour', '2 days']);
  });

  test('choose the plural of their language', () => {
    const forms = { one: '# message', other: '# messages' };
    expect([1, 2, 1200].map((count) => plural(count, forms))).toEqual(['1 message', '2 messages', '1,200 messages']);
    const arabic = { zero: 'z', one: 'a', two: 'b', few: '# c', many: '# d', other: '# e' };
    expect([0, 1, 2].map((count) => formatsOf('ar-EG-u-nu-latn').plural(count, arabic))).toEqual(['z', 'a', 'b']);
    expect(formatsOf('ar-EG-u-nu-latn').plural(5, arabic)).toBe('5 c');
  });

  test('write numbers, lists and sizes', () => {
    expect([number(12_345), formatsOf('de').number(12_345)]).toEqual(['12,345', '12.345']);
    expect(list(['Ann', 'Bob', 'Chen'])).toBe('Ann, Bob, and Chen');
    expect([999, 2_140_000, 130_400_000].map(bytes)).toEqual(['999 byte', '2.1 MB', '130 MB']);
  });
});

test('an id is a random UUID', () => {
  expect(uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(uuid()).not.toBe(uuid());
});

test('waits double from one second to thirty, at random, and begin again after a success', () => {
  const shortest = new Backoff(() => 0);
  const longest = new Backoff(() => 1);
  const attempts = [1, 2, 3, 4, 5, 6];
  expect(attempts.map(() => shortest.next())).toEqual([1000, 2000, 4000, 8000, 15000, 15000]);
  expect(attempts.map(() => longest.next())).toEqual([2000, 4000, 8000, 16000, 30000, 30000]);
  longest.reset();
  expect(longest.next()).toBe(2000);
  const random = new Random(1);
  const waits = Array.from({ length: 20 }, () => new Backoff(() => random.next()).next());
  expect(new Set(waits).size).toBe(20);
});

interface Shelves {
  words: { text: string };
  other: { text: string };
}

describe.each<[string, () => Promise<Disk<Shelves>>]>([
  ['IndexedDB', () => openDisk<Shelves>(`test-${uuid()}`, ['words', 'other'])],
  ['the page', async () => new PageDisk<Shelves>()],
])('a disk in %s', (_where, open) => {
  test('keeps records by table and key', async () => {
    const disk = await open();
    await disk.put('words', 'a', { text: 'one' });
    await disk.put('words', 'a', { text: 'two' });
    await disk.put('other', 'a', { text: 'three' });
    expect(await disk.get('words', 'a')).toEqual({ text: 'two' });
    expect(await disk.all('words')).toEqual([{ text: 'two' }]);
    await disk.remove('words', 'a');
    expect(await disk.get('words', 'a')).toBeUndefined();
    await disk.clear('other');
    expect(await disk.all('other')).toEqual([]);
    disk.close();
  });

  test('keeps what it was given, not what became of it', async () => {
    const disk = await open();
    const record = { text: 'one' };
    await disk.put('words', 'a', record);
    record.text = 'changed';
    expect(await disk.get('words', 'a')).toEqual({ text: 'one' });
  });
});

test('a disk outlives its page, and a browser that denies one gets a disk that does not', async () => {
  const name = `test-${uuid()}`;
  const first = await openDisk<Shelves>(name, ['words', 'other']);
  await first.put('words', 'a', { text: 'one' });
  first.close();
  const second = await openDisk<Shelves>(name, ['words', 'other']);
  expect(await second.get('words', 'a')).toEqual({ text: 'one' });

  const { indexedDB: real } = globalThis;
  Object.defineProperty(globalThis, 'indexedDB', { value: undefined, configurable: true });
  try {
    expect(await openDisk<Shelves>(name, ['words', 'other'])).toBeInstanceOf(PageDisk);
  } finally {
    Object.defineProperty(globalThis, 'indexedDB', { value: real, configurable: true, writable: true });
  }
});
