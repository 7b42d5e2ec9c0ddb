const FIRST_MS = 1_000;
const MOST_MS = 30_000;

/** Waits that double from 1 s to 30 s, each with up to a quarter of jitter taken off so that clients do not march in step. */
export class Backoff {
  #attempt = 0;
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** The next wait in milliseconds. */
  next(): number {
    const base = Math.min(MOST_MS, FIRST_MS * 2 ** this.#attempt);
    this.#attempt++;
    return Math.max(FIRST_MS, base - this.#random() * 0.25 * base);
  }

  reset(): void {
    this.#attempt = 0;
  }
}
