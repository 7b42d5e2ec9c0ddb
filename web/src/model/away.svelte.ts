import type { Host } from '../lib/host';
import type { Link } from '../net/link';

const AWAY_AFTER_MS = 10 * 60_000;
const DND = 'parley.dnd';

/**
 * Tells the server `away` after ten minutes in which nobody looked at the page, and `online` when somebody does; and `dnd`
 * for as long as somebody on this device does not want to be disturbed.
 */
export class Away {
  /** Chosen on this device. */
  dnd = $state(false);

  #away = false;
  #cancel: () => void = () => undefined;
  readonly #host: Host;
  readonly #link: Link;

  constructor(host: Host, link: Link) {
    this.#host = host;
    this.#link = link;
    this.dnd = host.notes.get(DND) !== undefined;
  }

  setDnd(on: boolean): void {
    this.dnd = on;
    if (on) this.#host.notes.set(DND, 'on');
    else this.#host.notes.remove(DND);
    this.#tell();
  }

  focusChanged(): void {
    this.#cancel();
    if (this.#host.focused()) this.#set(false);
    else this.#cancel = this.#host.after(AWAY_AFTER_MS, () => this.#set(true));
  }

  /** A new connection counts as online until it is told otherwise. */
  up(): void {
    if (this.#away || this.dnd) this.#tell();
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
    const state = this.dnd ? 'dnd' : this.#away ? 'away' : 'online';
    this.#link.request('presence:set', { state }).catch(() => undefined);
  }
}
