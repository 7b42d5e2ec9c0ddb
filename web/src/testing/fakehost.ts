import type { Host, Notes, Signal } from '../lib/host';
import { Random } from './random';

interface Timer {
  at: number;
  run: () => void;
}

/** A host whose time stands still until a test moves it. */
export class FakeHost implements Host {
  readonly notes: Notes = new FakeNotes();
  /** The volumes of the tones that were played, and the last badge. */
  readonly rings: number[] = [];
  badged = 0;
  isOnline = true;
  isFocused = true;

  #now = Date.parse('2026-11-22T09:00:00.000Z');
  #timers: Timer[] = [];
  readonly #random = new Random(1);
  readonly #listeners = new Set<(signal: Signal) => void>();

  now(): number {
    return this.#now;
  }

  random(): number {
    return this.#random.next();
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  ring(volume: number): void {
    this.rings.push(volume);
  }

  badge(count: number): void {
    this.badged = count;
  }

  online(): boolean {
    return this.isOnline;
  }

  focused(): boolean {
    return this.isFocused;
  }

  listen(hear: (signal: Signal) => void): () => void {
    this.#listeners.add(hear);
    return () => this.#listeners.delete(hear);
  }

  // For tests

  /** How many timers are set. */
  get waiting(): number {
    return this.#timers.length;
  }

  signal(signal: Signal): void {
    if (signal === 'online' || signal === 'offline') this.isOnline = signal === 'online';
    else this.isFocused = signal === 'focus';
    for (const hear of this.#listeners) hear(signal);
  }

  /** Lets time pass; what is due runs in order, and what it starts is finished before the next. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settled();
    for (;;) {
      const due = this.#timers.filter((timer) => timer.at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#now = Math.max(this.#now, due.at);
      due.run();
      await settled();
    }
    this.#now = end;
  }
}

/** Resolves when promises and the in-memory disk have nothing left to do. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await new Promise<void>((resume) => setImmediate(resume));
}

class FakeNotes implements Notes {
  readonly #facts = new Map<string, string>();

  get(key: string): string | undefined {
    return this.#facts.get(key);
  }

  set(key: string, value: string): void {
    this.#facts.set(key, value);
  }

  remove(key: string): void {
    this.#facts.delete(key);
  }
}
