import { expect, test } from 'vitest';
import { Random } from '../../testing/random';
import { RowWindow } from './rowwindow';

const keys = keyed(1000, 'r');

function keyed(length: number, name: string) {
  return Array.from({ length }, (_, i) => ({ key: `${name}${i}` }));
}

function measuredWindow(height: number): RowWindow {
  const rows = new RowWindow();
  for (const { key } of keys) rows.measured(key, height);
  return rows;
}

test('renders the last rows and a margin when the place is the end', () => {
  const slice = measuredWindow(50).slice(keys, { at: 'end' }, 500, 500);
  expect(slice).toEqual({ from: 980, to: 1000, above: 49_000, below: 0 });
});

test('renders around the row that is held', () => {
  const slice = measuredWindow(50).slice(keys, { at: 'row', key: 'r500', bottom: 50 }, 500, 100);
  expect(slice.from).toBe(498);
  expect(slice.to).toBe(512);
  expect(slice.above).toBe(24_900);
  expect(slice.above + slice.below + (slice.to - slice.from) * 50).toBe(50_000);
});

test('keeps the same rows when older ones are put before them', () => {
  const rows = measuredWindow(50);
  const place = { at: 'row', key: 'r500', bottom: 120 } as const;
  const before = rows.slice(keys, place, 500, 200);
  const older = keyed(50, 'old');
  const after = rows.slice([...older, ...keys], place, 500, 200);
  expect(after.from).toBe(before.from + 50);
  expect(after.to).toBe(before.to + 50);
});

test('finds the row under a dragged scroll bar', () => {
  expect(measuredWindow(50).placeAt(keys, 12_345, () => true)).toEqual({ at: 'row', key: 'r246', bottom: 5 });
});

test('holds only what stays in the list', () => {
  const place = measuredWindow(50).placeAt(keys, 12_345, ({ key }) => key.endsWith('9'));
  expect(place).toEqual({ at: 'row', key: 'r249', bottom: 155 });
});

test('renders everything that is there when it is little', () => {
  const rows = new RowWindow();
  expect(rows.slice([], { at: 'end' }, 500, 500)).toEqual({ from: 0, to: 0, above: 0, below: 0 });
  expect(rows.slice([{ key: 'a' }], { at: 'end' }, 500, 500)).toEqual({ from: 0, to: 1, above: 0, below: 0 });
});

test('falls back to the end when the held row is gone', () => {
  const slice = measuredWindow(50).slice(keys, { at: 'row', key: 'gone', bottom: 10 }, 500, 0);
  expect(slice.to).toBe(1000);
});

test('adds up the same edges after any change as from nothing', () => {
  const random = new Random(7);
  const rows = new RowWindow();
  const heights = new Map<string, number>();
  let list = keyed(40, 'r');
  for (let step = 0; step < 300; step++) {
    const { key } = random.pick(list);
    heights.set(key, 20 + random.int(80));
    rows.measured(key, heights.get(key) ?? 0);
    if (random.chance(0.5)) list = [...list, { key: `n${step}` }];
    if (random.chance(0.2)) list = list.slice(1 + random.int(3));
    if (random.chance(0.2)) list = [{ key: `o${step}` }, ...list];
    const plain = new RowWindow();
    for (const [one, height] of heights) plain.measured(one, height);
    const place = { at: 'row', key: random.pick(list).key, bottom: random.int(300) } as const;
    expect(rows.slice(list, place, 300, 100)).toEqual(plain.slice(list, place, 300, 100));
  }
});
