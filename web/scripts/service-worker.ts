import { createHash } from 'node:crypto';
import type { Plugin, Rollup } from 'vite';

const NAME = 'sw.js';
/**
 * The first conversation with what reads its markup and all of writing in it, and the switcher: what opens at once and
 * without a network.
 */
const OPENED = [
  /\/Shell\.svelte$/,
  /\/openchat\.ts$/,
  /\/lib\/markdown\.ts$/,
  /\/SwitcherDialog\.svelte$/,
  /\/ui\/(composer|conversation)\/\w+\.svelte$/,
];

/**
 * Tells the service worker which files to keep: the styles, and what the sign-in and the first conversation need. A language other
 * than English, and what is loaded on demand further on, is kept when it is first used.
 */
export function serviceWorker(): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle[NAME];
        if (worker?.type !== 'chunk') throw new Error(`the build has no ${NAME}`);
        const files = shell(bundle);
        const page = bundle['index.html'];
        const content = [...files, worker.code, page?.type === 'asset' ? String(page.source) : ''];
        const build = createHash('sha256').update(content.join('\n')).digest('hex').slice(0, 12);
        const list = JSON.stringify(files.map((file) => `/${file}`));
        worker.code = `const SHELL=${list};const BUILD=${JSON.stringify(build)};\n${worker.code}`;
      },
    },
  };
}

function shell(bundle: Rollup.OutputBundle): string[] {
  const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
  const first = chunks.filter((chunk) => chunk.isEntry && chunk.fileName !== NAME);
  const opened = OPENED.flatMap((part) => {
    const found = chunks.filter((chunk) => part.test(chunk.facadeModuleId ?? ''));
    if (found.length === 0) throw new Error(`the build has nothing that is ${part}`);
    return found;
  });
  const files = new Set(Object.keys(bundle).filter((file) => file.endsWith('.css')));
  const take = (chunk: Rollup.OutputChunk): void => {
    if (files.has(chunk.fileName)) return;
    files.add(chunk.fileName);
    for (const file of chunk.viteMetadata?.importedAssets ?? []) files.add(file);
    for (const other of chunks) if (chunk.imports.includes(other.fileName)) take(other);
  };
  for (const chunk of [...first, ...opened]) take(chunk);
  return [...files].toSorted();
}
