import { plainBlocks, rawBlocks, wordsOf, type Block } from '../../lib/blocks';

/** Reads the bodies of messages; who reads markup is loaded beside the first conversation. */
class Markdown {
  #read: ((body: string) => readonly Block[]) | undefined = $state.raw();

  /** Loads the reader of markup. What was shown without it is then shown as it was meant. */
  async load(): Promise<void> {
    try {
      this.#read ??= (await import('../../lib/markdown')).markdown;
    } catch {
      // Offline, and never loaded before: markup stays as it was written.
    }
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
