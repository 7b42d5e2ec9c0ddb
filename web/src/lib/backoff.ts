const FIRST_MS = 2_000;
const MOST_MS = 30_000;

/** Waits that double, 1 to 2 s at first and 15 to 30 s at last: at random in between, so that clients do not march in step. */
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
    return (base * (1 + this.#random())) / 2;
  }

  reset(): void {
    this.#attempt = 0;
  }
}
