import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const SRC = import.meta.dirname;

/** Who may import whom, by the first folder below src; tests and what they use may import everything. */
const FLOORS: Record<string, string[]> = {
  lib: ['lib'],
  net: ['net', 'lib', 'wire.ts'],
  model: ['model', 'net', 'lib', 'wire.ts'],
  ui: ['ui', 'model', 'lib', 'wire.ts', 'icon.svg'],
  'wire.ts': [],
  'main.ts': ['ui', 'model', 'net', 'lib'],
  testing: ['testing', 'model', 'net', 'lib', 'wire.ts'],
};

const IMPORT = /(?:from|import)\s*\(?\s*'(\.[^']*)'/g;

test('lib, net, model and ui import downwards only', () => {
  const upward = sources().flatMap((path) => {
    const floor = floorOf(path);
    const allowed = FLOORS[floor] ?? expect.unreachable(`no floor for ${path}`);
    return imports(path)
      .filter((target) => !allowed.includes(floorOf(target)))
      .map((target) => `${path} imports ${target}`);
  });
  expect(upward).toEqual([]);
});

test('files stay below 300 lines', () => {
  // The wire's shapes are printed by the server's tests; a catalog of words is one table.
  const written = sources().filter((path) => path !== 'wire.ts' && !path.startsWith('ui/text/'));
  const long = written.filter((path) => readFileSync(join(SRC, path), 'utf8').split('\n').length > 301);
  expect(long).toEqual([]);
});

function sources(): string[] {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' });
  return files.filter((path) => /\.(ts|svelte)$/.test(path) && !/(\.test|\.servertest)\.ts$/.test(path));
}

function imports(path: string): string[] {
  const text = readFileSync(join(SRC, path), 'utf8');
  const found = [...text.matchAll(IMPORT)].map((match) => match[1] ?? '');
  return found.map((target) => relative(SRC, resolve(SRC, path, '..', target)));
}

function floorOf(path: string): string {
  const [first = ''] = path.split('/');
  return first === 'wire' ? 'wire.ts' : first;
}
