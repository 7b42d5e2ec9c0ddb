export interface Point {
  readonly x: number;
  readonly y: number;
}

export const WIDTH = 320;
export const HEIGHT = 220;
export const CENTER: Point = { x: WIDTH / 2, y: HEIGHT / 2 };
export const DOT = 17;
const SERVER = 26;
const RADIUS = { x: 128, y: 82 };

/** Where `count` sockets stand around the server: the first at the left, on to the top and around. */
export function places(count: number): Point[] {
  return Array.from({ length: count }, (_, at) => {
    const angle = Math.PI + (at * 2 * Math.PI) / Math.max(1, count);
    return { x: CENTER.x + RADIUS.x * Math.cos(angle), y: CENTER.y + RADIUS.y * Math.sin(angle) };
  });
}

/** An arrow between the edges of the server and of a socket; `inward` from the socket. */
export function arrow(to: Point, inward = false): { from: Point; to: Point } {
  const length = Math.hypot(to.x - CENTER.x, to.y - CENTER.y) || 1;
  const unit = { x: (to.x - CENTER.x) / length, y: (to.y - CENTER.y) / length };
  const near = { x: CENTER.x + unit.x * SERVER, y: CENTER.y + unit.y * SERVER };
  const gap = DOT + 5;
  const far = { x: to.x - unit.x * gap, y: to.y - unit.y * gap };
  return inward ? { from: far, to: near } : { from: near, to: far };
}

/** The outline around some points, for the hull of a room: their convex hull as a polygon. */
export function hull(points: readonly Point[]): Point[] {
  const sorted = points.toSorted((a, b) => a.x - b.x || a.y - b.y);
  if (sorted.length < 3) return sorted;
  return [...half(sorted), ...half(sorted.toReversed())];
}

function half(points: readonly Point[]): Point[] {
  const found: Point[] = [];
  for (const point of points) {
    while (found.length > 1 && turn(found.at(-2), found.at(-1), point) <= 0) found.pop();
    found.push(point);
  }
  return found.slice(0, -1);
}

function turn(a: Point | undefined, b: Point | undefined, c: Point): number {
  if (!a || !b) return 0;
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}
