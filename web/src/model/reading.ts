import type { Host } from '../lib/host';

const ON_SCREEN_MS = 1000;

/**
 * How far somebody has read: up to a row that was on screen for a second in a focused window. Rows that were jumped over
 * stay unread until they have been on screen.
 */
export class Reading {
  #first = 0;
  #last = 0;
  /** Since when a row has been on screen without a break in a focused window, by seq. */
  readonly #since = new Map<number, number>();
  /** Unread rows from here on were passed over: the position may not pass them. */
  #skippedFrom: number | undefined;
  #cancel: (() => void) | undefined;
  readonly #host: Host;
  readonly #read: (seq: number) => void;

  /** `read` is called with each position; it may be one that was known. */
  constructor(host: Host, read: (seq: number) => void) {
    this.#host = host;
    this.#read = read;
  }

  /** What is on screen now, by seq; 0 and 0 for nothing. */
  onScreen(first: number, last: number): void {
    if (this.#skippedFrom !== undefined && first > 0 && first <= this.#skippedFrom) this.#skippedFrom = undefined;
    this.#first = first;
    this.#last = last;
    for (const seq of this.#since.keys()) if (seq < first || seq > last) this.#since.delete(seq);
    this.#watch();
  }

  /** The reader jumps: unread rows from `seq` on are passed over. */
  jumped(seq: number): void {
    this.#skippedFrom ??= seq;
  }

  /** Rows were made unread: what is on screen counts no more until the conversation is left. */
  unread(): void {
    this.#skippedFrom = 0;
  }

  /** Everything was read, by the reader's word. */
  done(): void {
    this.#skippedFrom = undefined;
  }

  /** The page was given or lost focus. */
  focusChanged(): void {
    this.#since.clear();
    this.#watch();
  }

  stop(): void {
    this.#skippedFrom = undefined;
    this.onScreen(0, 0);
    this.#cancel?.();
    this.#cancel = undefined;
  }

  // Internal

  #watch(): void {
    if (this.#last === 0 || !this.#host.focused()) return;
    const now = this.#host.now();
    for (let seq = this.#first; seq <= this.#last; seq++) if (!this.#since.has(seq)) this.#since.set(seq, now);
    this.#cancel ??= this.#host.after(ON_SCREEN_MS, () => this.#look());
  }

  #look(): void {
    this.#cancel = undefined;
    const now = this.#host.now();
    let read = 0;
    let wait = Infinity;
    for (const [seq, since] of this.#since) {
      if (now - since >= ON_SCREEN_MS) read = Math.max(read, seq);
      else wait = Math.min(wait, since + ON_SCREEN_MS - now);
    }
    if (read > 0 && this.#skippedFrom === undefined) this.#read(read);
    if (wait < Infinity) this.#cancel = this.#host.after(wait, () => this.#look());
  }
}
