import type { HistoryPage, Message } from '../wire';

/** Most messages held of one conversation. */
export const WINDOW_MOST = 2000;
const TRIMMED_TO = 1500;

/**
 * A run of a room's messages without a hole, by seq. One counter makes it reactive: it changes with every change and is
 * read by `messages`, `shown`, `has`, `hasOlder` and `hasNewer`, so that a burst of messages copies no array.
 */
export class Window {
  #version = $state(0);
  /** The run held; `last` is below `first` while it is empty. */
  first = 0;
  last = 0;
  /** The lowest seq that may be read. */
  lowest = 0;
  /** Nothing newer exists: new messages are appended. */
  atEnd = true;
  /** A reader is at the end, or nobody reads: when it is full the oldest go; otherwise the newest are not taken. */
  following = true;

  readonly #messages = new Map<number, Message>();
  readonly #seqs = new Map<string, number>(); // by cid

  constructor(page: HistoryPage) {
    this.#take(page);
    // An empty run begins where the first message will stand, so that what comes out of order still finds its place.
    this.first = page.messages.at(0)?.seq ?? page.last + 1;
    this.last = page.messages.at(-1)?.seq ?? page.last;
    this.lowest = page.messages.length > 0 ? page.first : this.first;
    this.atEnd = this.last >= page.last;
  }

  get size(): number {
    return this.#messages.size;
  }

  get hasOlder(): boolean {
    return this.#version >= 0 && this.first > this.lowest;
  }

  get hasNewer(): boolean {
    return this.#version >= 0 && !this.atEnd;
  }

  get(seq: number): Message | undefined {
    return this.#messages.get(seq);
  }

  /** As `get`, and read again when something has changed. */
  shown(seq: number): Message | undefined {
    return this.#version >= 0 ? this.#messages.get(seq) : undefined;
  }

  has(cid: string): boolean {
    return this.#version >= 0 && this.#seqs.has(cid);
  }

  /** In order of seq. */
  *messages(from = this.first): Generator<Message> {
    const to = this.#version >= 0 ? this.last : 0;
    for (let seq = Math.max(from, this.first); seq <= to; seq++) {
      const message = this.#messages.get(seq);
      if (message) yield message;
    }
  }

  /**
   * Takes a message as it now is: replaces an older state of it, or appends it. An acknowledgement, or one page of
   * catching up, may bring it before the one above it.
   */
  put(message: Message): void {
    const { seq } = message;
    if (seq > this.last && !this.#extend(seq)) return;
    if (seq < this.first) return;
    const known = this.#messages.get(seq);
    if (known && known.rev >= message.rev) return;
    this.#set(message);
    this.#version++;
  }

  prepend(page: HistoryPage): void {
    this.#take(page);
    this.first = page.messages.at(0)?.seq ?? this.lowest;
    this.#dropNewest();
    this.#version++;
  }

  append(page: HistoryPage): void {
    this.#take(page);
    this.last = page.messages.at(-1)?.seq ?? this.last;
    this.atEnd = this.last >= page.last;
    this.#dropOldest();
    this.#version++;
  }

  // Internal

  /** Whether `seq`, above the last, may be held. */
  #extend(seq: number): boolean {
    if (!this.atEnd) return false;
    if (this.size >= WINDOW_MOST && !this.following) {
      this.atEnd = false;
      return false;
    }
    this.last = seq;
    this.#dropOldest();
    return true;
  }

  #take(page: HistoryPage): void {
    this.lowest = page.first;
    for (const message of page.messages) {
      const known = this.#messages.get(message.seq);
      if (!known || known.rev < message.rev) this.#set(message);
    }
  }

  #set(message: Message): void {
    this.#messages.set(message.seq, message);
    if (message.cid) this.#seqs.set(message.cid, message.seq);
  }

  #dropOldest(): void {
    if (this.size < WINDOW_MOST) return;
    const first = this.last - TRIMMED_TO + 1;
    for (let seq = this.first; seq < first; seq++) this.#drop(seq);
    this.first = first;
  }

  #dropNewest(): void {
    if (this.size <= WINDOW_MOST) return;
    const last = this.first + TRIMMED_TO - 1;
    for (let seq = this.last; seq > last; seq--) this.#drop(seq);
    this.last = last;
    this.atEnd = false;
  }

  #drop(seq: number): void {
    const cid = this.#messages.get(seq)?.cid;
    if (cid) this.#seqs.delete(cid);
    this.#messages.delete(seq);
  }
}
