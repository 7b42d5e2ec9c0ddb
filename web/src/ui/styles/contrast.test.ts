import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

type Colours = Map<string, string>;

const css = readFileSync(join(import.meta.dirname, 'colours.css'), 'utf8');
const [light, systemDark, chosenDark] = css
  .split(/:root[^{]*\{/)
  .slice(1)
  .map(colours);

const surfaces = ['bg', 'surface', 'sunken', 'hover', 'selected'];
const pairs: [text: string, on: string, atLeast: number][] = [
  ...surfaces.flatMap((surface): typeof pairs => [
    ['text', surface, 7],
    ['text-2', surface, 7],
    ...['text-3', 'accent', 'danger', 'private', 'success', 'warning'].map((text): (typeof pairs)[0] => [
      text,
      surface,
      4.5,
    ]),
  ]),
  ...['bg', 'surface', 'sunken'].map((surface): (typeof pairs)[0] => ['border-strong', surface, 3]),
  ...[...surfaces, 'private-soft'].map((surface): (typeof pairs)[0] => ['focus', surface, 3]),
  ...['accent', 'private', 'success', 'warning', 'danger'].flatMap((tone): typeof pairs => [
    [tone, `${tone}-soft`, 4.5],
    ['text', `${tone}-soft`, 7],
    ['text-3', `${tone}-soft`, 4.5],
  ]),
  ['on-accent', 'accent', 4.5],
  ['on-accent', 'accent-hover', 4.5],
  ['on-private', 'private', 4.5],
  ['on-private', 'private-hover', 4.5],
  ['on-danger', 'danger', 4.5],
  ['mark-text', 'mark', 7],
];

test.each([
  ['light', light],
  ['dark', chosenDark],
])('every pair of the %s colours has the contrast that its use needs', (_, theme) => {
  expect(theme?.size).toBeGreaterThan(30);
  const low = pairs.filter(([text, on, atLeast]) => contrast(theme, text, on) < atLeast);
  expect(low).toEqual([]);
});

test('dark by the system and dark by choice are the same colours', () => {
  expect(systemDark).toEqual(chosenDark);
});

function colours(block: string): Colours {
  return new Map(
    [...block.matchAll(/--c-([a-z0-9-]+): (#[0-9a-f]{6});/g)].map(([, name = '', hex = '']) => [name, hex]),
  );
}

function contrast(theme: Colours | undefined, one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(theme, one), luminance(theme, other)].toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(theme: Colours | undefined, name: string): number {
  const hex = theme?.get(name);
  if (!hex) throw new Error(`there is no colour ${name}`);
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => linear(Number.parseInt(hex.slice(at, at + 2), 16) / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}
