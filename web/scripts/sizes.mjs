// Prints what a browser downloads (gzip), and fails when a budget is exceeded.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const KB = 1000;
const SIGN_IN = ['index.html'];
const CONVERSATION = [...SIGN_IN, 'src/ui/shell/Shell.svelte', 'src/model/openchat.ts'];
const LANGUAGE = /^src\/ui\/text\/(\w\w)\.ts$/;
// What is loaded when it is first used, beyond the first conversation. Anything not named here has the last budget.
const LAZY = [
  ['highlight', 25 * KB],
  ['emoji', 50 * KB],
  ['settings', 30 * KB],
  ['', 30 * KB],
];

// The outlines of all icons, which are part of the first script, and those of the page itself.
const ICONS = ['src/ui/base/icons.ts', 'src/icon.svg', 'src/icon-dot.svg'];

const dist = join(import.meta.dirname, '..', 'static', 'dist');
const manifest = JSON.parse(await readFile(join(dist, '.vite', 'manifest.json'), 'utf8'));

/** The chunks that load with some: they, and what they import. */
function reach(names, seen = new Set()) {
  for (const name of names) {
    if (seen.has(name)) continue;
    if (!manifest[name]) throw new Error(`the build has no ${name}`);
    seen.add(name);
    reach(manifest[name].imports ?? [], seen);
  }
  return seen;
}

async function gzipped(files) {
  const sizes = await Promise.all([...files].map(async (file) => (await stat(join(dist, `${file}.gz`))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function outlines() {
  const files = await Promise.all(ICONS.map((file) => readFile(join(import.meta.dirname, '..', file))));
  return gzipSync(Buffer.concat(files), { level: 9 }).length;
}

const scripts = (names) =>
  new Set([...names].map((name) => manifest[name].file).filter((file) => file.endsWith('.js')));

const loaded = reach(CONVERSATION);
const lazy = Object.keys(manifest).filter((name) => manifest[name].isDynamicEntry && !loaded.has(name));
const rows = [
  ['sign-in', await gzipped(scripts(reach(SIGN_IN))), 45 * KB],
  ['first conversation', await gzipped(scripts(loaded)), 120 * KB],
  ['all styles', await gzipped([manifest['style.css'].file]), 20 * KB],
  ['icons', await outlines(), 4 * KB],
];
for (const name of lazy) {
  const more = [...scripts(reach([name]))].filter((file) => !scripts(loaded).has(file));
  const language = LANGUAGE.exec(name)?.[1];
  const budget = language ? 12 * KB : LAZY.find(([part]) => name.toLowerCase().includes(part))[1];
  rows.push([language ? `language ${language}` : name.replace(/^.*\//, ''), await gzipped(more), budget]);
}

for (const [what, bytes, budget] of rows) {
  const verdict = bytes > budget ? 'OVER' : 'ok';
  console.log(`${what.padEnd(24)} ${(bytes / KB).toFixed(1).padStart(6)} kB gz of ${budget / KB}  ${verdict}`);
  if (bytes > budget) process.exitCode = 1;
}
