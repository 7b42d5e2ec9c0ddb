import { crc32, deflateSync } from 'node:zlib';
import type { Plugin } from 'vite';

type Point = readonly [x: number, y: number];
type Colour = readonly [red: number, green: number, blue: number];

const BLUE: Colour = [0x14, 0x59, 0xc7];
const WHITE: Colour = [255, 255, 255];
const SAMPLES = 3; // by side of a pixel

/** Draws the icons that a device wants as pictures, from the same shapes as `src/icon.svg`. */
export function icons(): Plugin {
  return {
    name: 'icons',
    apply: 'build',
    generateBundle() {
      for (const size of [192, 512]) {
        this.emitFile({ type: 'asset', fileName: `icons/${size}.png`, source: draw(size, bubble) });
        this.emitFile({ type: 'asset', fileName: `icons/maskable-${size}.png`, source: draw(size, tile) });
      }
      this.emitFile({ type: 'asset', fileName: 'icons/apple-180.png', source: draw(180, tile) });
    },
  };
}

/** A blue bubble with two white lines, in a box of 32 by 32. */
function bubble(at: Point): Colour | undefined {
  if (nearLine(at, 11.5) || nearLine(at, 17.5)) return WHITE;
  return inBox(at) || inTail(at) ? BLUE : undefined;
}

/** The bubble turned white on blue to the edges, small enough that a device may cut it into its own shape. */
function tile([x, y]: Point): Colour {
  const scale = 1.6;
  const inner: Point = [(x - 16) * scale + 16, (y - 16) * scale + 16.5];
  return bubble(inner) === BLUE ? WHITE : BLUE;
}

function inBox([x, y]: Point): boolean {
  const [dx, dy] = [Math.abs(x - 16) - 11, Math.abs(y - 14.5) - 6.5];
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) <= 4;
}

function inTail([x, y]: Point): boolean {
  return x >= 8 && y >= 24 && y <= 25 + ((15 - x) * 6) / 7;
}

/** A stroke 2.5 wide with round ends from 8 to 24. */
function nearLine([x, y]: Point, line: number): boolean {
  return Math.hypot(x - Math.min(24, Math.max(8, x)), y - line) <= 1.25;
}

/** Each pixel is the mean of its samples, each row is led by the filter 0. */
function draw(size: number, paint: (at: Point) => Colour | undefined): Buffer {
  const line = 1 + 4 * size;
  const rows = Buffer.alloc(line * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) rows.set(pixel(x, y, 32 / size, paint), line * y + 1 + 4 * x);
  }
  return png(size, rows);
}

/** Red, green, blue, alpha. */
function pixel(x: number, y: number, scale: number, paint: (at: Point) => Colour | undefined): number[] {
  let [red, green, blue, covered] = [0, 0, 0, 0];
  for (let n = 0; n < SAMPLES ** 2; n++) {
    const dx = ((n % SAMPLES) + 0.5) / SAMPLES;
    const dy = (Math.floor(n / SAMPLES) + 0.5) / SAMPLES;
    const colour = paint([(x + dx) * scale, (y + dy) * scale]);
    if (!colour) continue;
    covered++;
    red += colour[0];
    green += colour[1];
    blue += colour[2];
  }
  const mean = Math.max(1, covered);
  return [red / mean, green / mean, blue / mean, (covered * 255) / SAMPLES ** 2].map(Math.round);
}

/** PNG (ISO/IEC 15948): 8 bits, red, green, blue and alpha, rows already led by their filter. */
function png(size: number, rows: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const body = deflateSync(rows, { level: 9 });
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', body), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(8 + named.length);
  framed.writeUInt32BE(data.length, 0);
  framed.set(named, 4);
  framed.writeUInt32BE(crc32(named), 4 + named.length);
  return framed;
}
