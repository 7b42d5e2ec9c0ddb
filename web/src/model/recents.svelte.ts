import type { Host } from '../lib/host';

const KEY = 'parley.searches';
const MOST = 8;

/** What was looked for last on this device, latest first. */
export class RecentSearches {
  items: readonly string[] = $state.raw([]);
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
    const kept = host.notes.get(KEY);
    if (kept) this.items = JSON.parse(kept) as string[];
  }

  add(query: string): void {
    const text = query.trim();
    if (text === '') return;
    this.items = [text, ...this.items.filter((item) => item !== text)].slice(0, MOST);
    this.#host.notes.set(KEY, JSON.stringify(this.items));
  }

  forget(): void {
    this.items = [];
    this.#host.notes.remove(KEY);
  }
}
