import type { Host } from '../lib/host';
import type { Link } from '../net/link';

const AWAY_AFTER_MS = 10 * 60_000;

/** Tells the server `away` after ten minutes in which nobody looked at the page, and `online` when somebody does. */
export class Away {
  #away = false;
  #cancel: () => void = () => undefined;
  readonly #host: Host;
  readonly #link: Link;

  constructor(host: Host, link: Link) {
    this.#host = host;
    this.#link = link;
  }

  focusChanged(): void {
    this.#cancel();
    if (this.#host.focused()) this.#set(false);
    else this.#cancel = this.#host.after(AWAY_AFTER_MS, () => this.#set(true));
  }

  /** A new connection counts as online until it is told otherwise. */
  up(): void {
    if (this.#away) this.#tell();
  }

  stop(): void {
    this.#cancel();
  }

  #set(away: boolean): void {
    if (away === this.#away) return;
    this.#away = away;
    this.#tell();
  }

  #tell(): void {
    // Lost, it is told again with the next change or connection.
    this.#link.request('presence:set', { state: this.#away ? 'away' : 'online' }).catch(() => undefined);
  }
}
