import { plainBlocks, rawBlocks, wordsOf, type Block } from '../../lib/blocks';
import type { Row } from '../../model';

/** No longer is a conversation kept back for the sake of its markup. */
const PATIENCE_MS = 1000;

/** Reads the bodies of messages; who reads markup is loaded beside the first conversation. */
class Markdown {
  #read: ((body: string) => readonly Block[]) | undefined = $state.raw();
  /** It is here, or is not waited for any more. */
  #settled = $state(false);
  #shown = false;

  /** Loads the reader of markup. What was shown without it is then shown as it was meant. */
  async load(): Promise<void> {
    setTimeout(() => (this.#settled = true), PATIENCE_MS);
    try {
      this.#read ??= (await import('../../lib/markdown')).markdown;
    } catch {
      // Offline, and never loaded before: markup stays as it was written.
    }
    this.#settled = true;
  }

  /** Whether the first rows of the page would be shown as they are not meant, and change their height in a moment. */
  awaited(rows: readonly Row[]): boolean {
    if (this.#settled || this.#shown) return false;
    if (rows.some((row) => row.kind === 'message' && row.body !== '' && !plainBlocks(row.body))) return true;
    this.#shown = rows.length > 0;
    return false;
  }

  blocks(body: string): readonly Block[] {
    return plainBlocks(body) ?? this.#read?.(body) ?? rawBlocks(body);
  }

  /** The words alone; what a spoiler hides stays hidden. */
  words(body: string, nameOf: (user: string) => string): string {
    return wordsOf(this.blocks(body), nameOf);
  }
}

/** The page's one reader. */
export const markdown = new Markdown();
