import { SvelteMap } from 'svelte/reactivity';
import type { Link } from '../net/link';
import type { Message } from '../wire';
import type { RoomState } from './roomstate.svelte';

/** The messages that others of one conversation answer. */
export class Quotes {
  /** Answered messages that are not at hand, by seq; undefined: they may not be read. */
  readonly #fetched = new SvelteMap<number, Message | undefined>();
  readonly #asked = new Set<number>();
  readonly #room: () => RoomState | undefined;
  readonly #link: Link;

  constructor(room: () => RoomState | undefined, link: Link) {
    this.#room = room;
    this.#link = link;
  }

  /** The message that is answered; `loading`, or undefined when it may not be read. */
  quoted(seq: number): Message | 'loading' | undefined {
    const held = this.#room()?.window?.shown(seq);
    if (held || this.#fetched.has(seq)) return held ?? this.#fetched.get(seq);
    // Asked for after what is being drawn was drawn.
    void Promise.resolve().then(() => this.#fetch(seq));
    return 'loading';
  }

  // Internal

  async #fetch(seq: number): Promise<void> {
    const room = this.#room();
    if (!room || this.#asked.has(seq) || !this.#link.up) return;
    this.#asked.add(seq);
    try {
      const page = await this.#link.request('room:history', { room: room.id, around: seq, limit: 1 });
      this.#fetched.set(
        seq,
        page.messages.find((message) => message.seq === seq),
      );
    } catch {
      this.#asked.delete(seq); // it is asked for again when the row is drawn again
    }
  }
}
