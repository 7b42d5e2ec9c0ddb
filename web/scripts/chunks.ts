import { join } from 'node:path';

interface Modules {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}

const SRC = join(import.meta.dirname, '..', 'src');
const SIGN_IN = [join(SRC, 'main.ts')];
const CONVERSATION = [join(SRC, 'ui/shell/Shell.svelte'), join(SRC, 'model/openchat.ts')];

/**
 * Keeps in one file what the first conversation needs beyond the sign-in. By itself the bundler cuts it where something
 * that is loaded later shares a part, and many small files compress worse than one.
 */
export function chunks(): (id: string, modules: Modules) => string | null {
  let before: Set<string> | undefined;
  let first: Set<string> | undefined;
  return (id, modules) => {
    before ??= reach(SIGN_IN, modules);
    first ??= reach(CONVERSATION, modules);
    return first.has(id) && !before.has(id) ? 'chat' : null;
  };
}

/** The modules that some import, and what those import. */
function reach(from: readonly string[], modules: Modules, seen = new Set<string>()): Set<string> {
  for (const id of from) {
    if (seen.has(id)) continue;
    seen.add(id);
    reach(modules.getModuleInfo(id)?.importedIds ?? [], modules, seen);
  }
  return seen;
}
