import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/**
 * Puts the order of the layers at the head of every stylesheet: whichever the browser reads first decides, and which
 * that is depends on how the build cuts the files.
 */
export function layersFirst(): Plugin {
  let order = '';
  return {
    name: 'layers-first',
    apply: 'build',
    configResolved(config) {
      const text = readFileSync(join(config.root, 'src/ui/styles/layers.css'), 'utf8');
      order = /@layer [^{;]+;/.exec(text)?.[0] ?? '';
      if (order === '') throw new Error('layers.css names no layers');
    },
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'asset' && file.fileName.endsWith('.css')) file.source = order + String(file.source);
      }
    },
  };
}
