import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Sees to it that PARLEY_BIN names a server: the one it names already, or one built for these tests. */
export default function setup(): (() => void) | undefined {
  if (process.env.PARLEY_BIN) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'parley-web-'));
  const binary = join(folder, 'parley');
  execFileSync('go', ['build', '-o', binary, './cmd/parley'], { cwd: join(import.meta.dirname, '../..') });
  process.env.PARLEY_BIN = binary;
  return () => rmSync(folder, { recursive: true });
}
