// Runs the browser tests: `node e2e/run.mjs [part of a file's name]`. Exits with 1 when one failed.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const wanted = process.argv[2] ?? '';
const files = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.test.mjs') && name.includes(wanted))
  .map((name) => join(import.meta.dirname, name));

if (files.length === 0) {
  console.error(`No test file has “${wanted}” in its name.`);
  process.exitCode = 1;
} else {
  if (wanted === '')
    rmSync(join(import.meta.dirname, 'artifacts'), {
      recursive: true,
      force: true,
    });
  run({ files, concurrency: 2, timeout: 600_000 })
    .on('test:fail', () => (process.exitCode = 1))
    .compose(new spec())
    .pipe(process.stdout);
}
