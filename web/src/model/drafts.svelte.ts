import { SvelteMap } from 'svelte/reactivity';
import type { Disk } from '../lib/disk';
import type { Host } from '../lib/host';
import type { DraftRecord, Tables } from './tables';

const SAVE_AFTER_MS = 300;

/** Unsent words, by conversation and audience, kept on this device. */
export class Drafts {
  readonly #drafts = new SvelteMap<string, DraftRecord>();
  readonly #unsaved = new Map<string, () => void>();
  readonly #host: Host;
  readonly #disk: Disk<Tables>;

  constructor(host: Host, disk: Disk<Tables>) {
    this.#host = host;
    this.#disk = disk;
  }

  async load(): Promise<void> {
    for (const draft of await this.#disk.all('drafts')) this.#drafts.set(keyOf(draft), draft);
  }

  has(conversation: string): boolean {
    return this.latest(conversation) !== undefined;
  }

  get(conversation: string, audience: string): DraftRecord | undefined {
    return this.#drafts.get(keyOf({ conversation, audience }));
  }

  /** The draft of a conversation that was touched last, whatever its audience. */
  latest(conversation: string): DraftRecord | undefined {
    const drafts = [...this.#drafts.values()].filter((draft) => draft.conversation === conversation);
    return drafts.toSorted((a, b) => b.savedAt - a.savedAt)[0];
  }

  /** Keeps a draft; it is on the disk 300 ms after the last change. Empty text clears it. */
  keep(draft: Omit<DraftRecord, 'savedAt'>): void {
    if (draft.text === '') return this.clear(draft.conversation, draft.audience);
    const key = keyOf(draft);
    this.#drafts.set(key, { ...draft, savedAt: this.#host.now() });
    this.#unsaved.get(key)?.();
    this.#unsaved.set(
      key,
      this.#host.after(SAVE_AFTER_MS, () => this.#save(key)),
    );
  }

  clear(conversation: string, audience: string): void {
    const key = keyOf({ conversation, audience });
    if (!this.#drafts.delete(key)) return;
    this.#unsaved.get(key)?.();
    this.#unsaved.delete(key);
    void this.#disk.remove('drafts', key);
  }

  /** Writes what waits to be written: the page may be about to go. */
  flush(): void {
    for (const key of this.#unsaved.keys()) this.#save(key);
  }

  #save(key: string): void {
    this.#unsaved.get(key)?.();
    this.#unsaved.delete(key);
    const draft = this.#drafts.get(key);
    if (draft) this.#disk.save('drafts', key, draft);
  }
}

function keyOf(draft: Pick<DraftRecord, 'conversation' | 'audience'>): string {
  return `${draft.conversation}|${draft.audience}`;
}
