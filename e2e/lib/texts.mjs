import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fromWeb } from './packages.mjs';

const TEXTS = join(import.meta.dirname, '../../web/src/ui/text');

/** The client's own catalogs by language, so that a story can be told in any of them. */
export async function texts(...languages) {
  const { build } = await import(pathToFileURL(join(fromWeb.resolve('vite/package.json'), '../dist/node/index.js')));
  const folder = await mkdtemp(join(tmpdir(), 'parley-texts-'));
  try {
    const input = Object.fromEntries(languages.map((language) => [language, join(TEXTS, `${language}.ts`)]));
    const output = { entryFileNames: '[name].mjs', chunkFileNames: 'shared-[hash].mjs' };
    await build({
      configFile: false,
      logLevel: 'error',
      build: { ssr: true, outDir: folder, emptyOutDir: true, rolldownOptions: { input, output } },
    });
    const found = {};
    for (const language of languages) {
      const module = await import(pathToFileURL(join(folder, `${language}.mjs`)));
      found[language] = module.texts ?? module.en;
    }
    return found;
  } finally {
    await rm(folder, { recursive: true });
  }
}
