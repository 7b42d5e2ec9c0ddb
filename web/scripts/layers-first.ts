import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin, Rolldown } from 'vite';

/**
 * Puts the order of the layers at the head of every stylesheet of the page itself: whichever stands first in the document
 * decides, and which that is depends on how the build cuts the files. What is loaded later stands behind them.
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
      for (const name of stylesOfPage(bundle)) {
        const file = bundle[name];
        if (file?.type === 'asset') file.source = order + String(file.source);
      }
    },
  };
}

/** The stylesheets that the page links: those of its entry and of what that imports. */
function stylesOfPage(bundle: Rolldown.OutputBundle): Set<string> {
  const styles = new Set<string>();
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const file = bundle[name];
    if (file?.type !== 'chunk' || seen.has(name)) return;
    seen.add(name);
    for (const style of file.viteMetadata?.importedCss ?? []) styles.add(style);
    for (const imported of file.imports) visit(imported);
  };
  for (const file of Object.values(bundle)) if (file.type === 'chunk' && file.isEntry) visit(file.fileName);
  if (styles.size === 0) throw new Error('the page links no stylesheet');
  return styles;
}
