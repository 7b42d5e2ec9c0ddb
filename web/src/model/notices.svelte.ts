import type { Host } from '../lib/host';

const SHOWN_MS = 8000;
const KEPT_MOST = 50;

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly action?: { readonly label: string; run(): void };
}

/** A notice that may be gone from the screen by now. */
export interface PastNotice {
  readonly id: number;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Passing notices (toasts), each shown for at least 8 s and kept in a list for those who look later. */
export class Notices {
  items: readonly Notice[] = $state.raw([]);
  /** The latest first. */
  past: readonly PastNotice[] = $state.raw([]);

  #held = false;
  #next = 1;
  readonly #due = new Set<number>();
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  /** `stays`: until it is dismissed or acted upon. */
  add(text: string, action?: Notice['action'], lasting?: 'stays'): void {
    const notice: Notice = action ? { id: this.#next++, text, action } : { id: this.#next++, text };
    this.items = [...this.items, notice];
    this.past = [{ id: notice.id, text, at: this.#host.now() }, ...this.past].slice(0, KEPT_MOST);
    if (lasting !== 'stays') this.#host.after(SHOWN_MS, () => this.#expire(notice.id));
  }

  dismiss(id: number): void {
    this.#due.delete(id);
    this.items = this.items.filter((notice) => notice.id !== id);
  }

  /** While held (pointer or focus on them) none goes away. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    for (const id of this.#due) this.dismiss(id);
  }

  #expire(id: number): void {
    if (this.#held) this.#due.add(id);
    else this.dismiss(id);
  }
}
