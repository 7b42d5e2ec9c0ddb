import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** Puts the order of the layers at the head of the stylesheet: which part of it stands first is the bundler's affair. */
export function layersFirst(): Plugin {
  let order = '';
  return {
    name: 'layers-first',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      const text = readFileSync(join(config.root, 'src/ui/styles/layers.css'), 'utf8');
      order = /@layer [^{;]+;/.exec(text)?.[0] ?? '';
      if (order === '') throw new Error('layers.css names no layers');
    },
    generateBundle(_options, bundle) {
      const sheets = Object.values(bundle).filter((file) => file.type === 'asset' && file.fileName.endsWith('.css'));
      if (sheets.length !== 1) throw new Error(`one stylesheet was expected, there are ${sheets.length}`);
      for (const file of sheets) if (file.type === 'asset') file.source = order + String(file.source);
    },
  };
}
