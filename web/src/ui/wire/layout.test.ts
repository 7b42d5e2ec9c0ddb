import { expect, test } from 'vitest';
import { arrow, CENTER, DOT, HEIGHT, hull, places, WIDTH } from './layout';

test('however many sockets there are, each stands whole in the picture', () => {
  for (const count of [1, 2, 5, 24]) {
    for (const { x, y } of places(count)) {
      expect(x).toBeGreaterThanOrEqual(DOT);
      expect(x).toBeLessThanOrEqual(WIDTH - DOT);
      expect(y).toBeGreaterThanOrEqual(DOT);
      expect(y).toBeLessThanOrEqual(HEIGHT - DOT);
    }
  }
});

test('an arrow ends before the socket, and turns around when the socket asks', () => {
  const [dot] = places(1);
  if (!dot) throw new Error('no place');
  const out = arrow(dot);
  expect(Math.hypot(out.to.x - dot.x, out.to.y - dot.y)).toBeGreaterThan(DOT);
  expect(Math.hypot(out.from.x - CENTER.x, out.from.y - CENTER.y)).toBeGreaterThan(20);
  expect(arrow(dot, true)).toEqual({ from: out.to, to: out.from });
});

test('the hull goes around all of its points, and leaves out those within', () => {
  const square = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
    { x: 10, y: 10 },
    { x: 0, y: 10 },
  ];
  const around = hull([...square, { x: 5, y: 5 }]);
  expect(around).toHaveLength(4);
  expect(around).toEqual(expect.arrayContaining(square));
});
