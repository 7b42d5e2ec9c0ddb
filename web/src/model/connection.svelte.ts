import type { Host } from '../lib/host';
import type { Link } from '../net/link';
import type { Speech } from './words';

const PATIENCE_MS = 2000;
const BACK_SHOWN_MS = 2000;

/** The connection banner. */
export class Connection {
  /**
   * - `none`: nothing is shown.
   * - `reconnecting`: with [Try now].
   * - `offline`: the machine has no network.
   * - `back`: gone after 2 s.
   */
  banner: 'none' | 'reconnecting' | 'offline' | 'back' = $state('none');
  connected = $state(false);

  #cancel: () => void = () => undefined;
  readonly #host: Host;
  readonly #link: Link;
  readonly #speech: Speech;
  readonly #waiting: () => number;

  /** `waiting` counts the messages that wait to be sent. */
  constructor(host: Host, link: Link, speech: Speech, waiting: () => number) {
    this.#host = host;
    this.#link = link;
    this.#speech = speech;
    this.#waiting = waiting;
  }

  /** The banner's text, '' for `none`. */
  get text(): string {
    if (this.banner === 'none') return '';
    const { link } = this.#speech.words;
    const waiting = this.#waiting();
    return this.banner === 'offline' && waiting > 0 ? link.offlineWaiting(waiting) : link[this.banner];
  }

  // Actions

  tryNow(): void {
    this.#link.retry();
  }

  // Events

  /** Also once at the start, when the first connection is under way. */
  down(): void {
    this.connected = false;
    if (!this.#host.online()) return this.offline();
    if (this.banner === 'reconnecting') return;
    this.#show('none');
    this.#later(PATIENCE_MS, 'reconnecting');
  }

  up(): void {
    this.connected = true;
    const troubled = this.banner !== 'none';
    this.#show(troubled ? 'back' : 'none');
    if (troubled) this.#later(BACK_SHOWN_MS, 'none');
  }

  online(): void {
    if (this.banner === 'offline') this.#show(this.connected ? 'none' : 'reconnecting');
    this.#link.retry();
  }

  offline(): void {
    this.#show('offline');
  }

  stop(): void {
    this.#cancel();
  }

  // Internal

  #show(banner: Connection['banner']): void {
    this.#cancel();
    this.banner = banner;
  }

  #later(ms: number, banner: Connection['banner']): void {
    this.#cancel = this.#host.after(ms, () => (this.banner = banner));
  }
}
