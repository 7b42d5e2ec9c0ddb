import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((path) => ({
  path,
  text: /\.(css|svelte)$/.test(path) ? readFileSync(join(root, path), 'utf8') : '',
}));
const styles = files.filter(({ path }) => path.endsWith('.css'));
const components = files.filter(({ path }) => path.endsWith('.svelte'));

function found(among: typeof files, wrong: RegExp): string[] {
  return among.flatMap(({ path, text }) => [...text.matchAll(wrong)].map(([match]) => `${path}: ${match.trim()}`));
}

test('there are styles and components to look at', () => {
  expect(styles.length).toBeGreaterThan(20);
  expect(components.length).toBeGreaterThan(20);
});

test('styles use logical properties only', () => {
  const sides = 'left|right|top|bottom';
  const physical = `(${sides}|(min-|max-)?(width|height)|(margin|padding|border)-(${sides})[a-z-]*):`;
  expect(found(styles, new RegExp(`^\\s*(${physical}|text-align: (left|right)).*$`, 'gm'))).toEqual([]);
});

test('only the tokens name colours', () => {
  const elsewhere = styles.filter(({ path }) => !path.startsWith('styles'));
  expect(found(elsewhere, /#[0-9a-f]{3,8}\b/gi)).toEqual([]);
});

test('nothing is forced with !important', () => {
  expect(found(styles, /!important/g)).toEqual([]);
});

test('every style is in a layer', () => {
  expect(styles.filter(({ text }) => !/^(\/\*.*\*\/\n)?@layer/.test(text))).toEqual([]);
});

test('no component writes HTML, a style or a script into the page', () => {
  expect(found(components, /\{@html|<style|\sstyle="|\son[a-z]+="/g)).toEqual([]);
});

test('components stay under 150 lines', () => {
  expect(components.filter(({ text }) => text.split('\n').length > 150).map(({ path }) => path)).toEqual([]);
});
