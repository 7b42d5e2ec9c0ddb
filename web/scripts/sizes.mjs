// Prints what a browser downloads (gzip), and fails when a budget is exceeded.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

const KB = 1000;
const BUDGETS = { signIn: 45 * KB, firstConversation: 120 * KB, css: 20 * KB };

const dist = join(import.meta.dirname, '..', 'static', 'dist');
const manifest = JSON.parse(await readFile(join(dist, '.vite', 'manifest.json'), 'utf8'));

/** The chunks that load with `name`: itself and what it imports; `lazy` follows dynamic imports too. */
function reach(name, lazy, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  const chunk = manifest[name];
  const next = [...(chunk.imports ?? []), ...(lazy ? (chunk.dynamicImports ?? []) : [])];
  for (const other of next) reach(other, lazy, seen);
  return seen;
}

async function gzipped(files) {
  const sizes = await Promise.all([...files].map(async (file) => (await stat(join(dist, `${file}.gz`))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

const scripts = (names) =>
  new Set([...names].map((name) => manifest[name].file).filter((file) => file.endsWith('.js')));
const styles = (names) => new Set([...names].flatMap((name) => manifest[name].css ?? []));

const first = reach('index.html', false);
const all = reach('index.html', true);
const measured = {
  signIn: await gzipped(scripts(first)),
  firstConversation: await gzipped(scripts(all)),
  css: await gzipped(styles(all)),
};

for (const [what, bytes] of Object.entries(measured)) {
  const verdict = bytes > BUDGETS[what] ? 'OVER' : 'ok';
  console.log(`${what.padEnd(18)} ${(bytes / KB).toFixed(1).padStart(6)} kB gz of ${BUDGETS[what] / KB}  ${verdict}`);
  if (bytes > BUDGETS[what]) process.exitCode = 1;
}
