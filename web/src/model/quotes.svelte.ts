import { SvelteMap } from 'svelte/reactivity';
import type { Link } from '../net/link';
import type { Message } from '../wire';
import type { RoomState } from './roomstate.svelte';

/** Who answered what, among the messages at hand of one conversation. */
export class Threads {
  /** Answered messages that are not at hand, by seq; undefined: they may not be read. */
  readonly #fetched = new SvelteMap<number, Message | undefined>();
  readonly #asked = new Set<number>();
  readonly #room: () => RoomState | undefined;
  readonly #link: Link;
  /** The seqs of the answers to a message, its own root's included, by the root's seq. */
  readonly #answers = $derived.by(() => this.#collect());

  constructor(room: () => RoomState | undefined, link: Link) {
    this.#room = room;
    this.#link = link;
  }

  /** How many answers to a message are at hand, and answers to them. */
  count(seq: number | undefined): number {
    return seq === undefined ? 0 : (this.#answers.get(seq)?.length ?? 0);
  }

  /** The message that began the thread of `seq`, as far as it is at hand. */
  root(seq: number): number {
    let root = seq;
    for (let parent = this.#parent(root); parent !== undefined && parent < root; parent = this.#parent(root))
      root = parent;
    return root;
  }

  /** The seqs of a thread: its root and every answer, in order. */
  of(root: number): readonly number[] {
    return [root, ...(this.#answers.get(root) ?? [])];
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

  #parent(seq: number): number | undefined {
    return this.#room()?.window?.get(seq)?.reply_to;
  }

  #collect(): Map<number, number[]> {
    const answers = new Map<number, number[]>();
    for (const message of this.#room()?.window?.messages() ?? []) {
      if (message.reply_to === undefined || message.deleted_at) continue;
      const root = this.root(message.reply_to);
      const seqs = answers.get(root);
      if (seqs) seqs.push(message.seq);
      else answers.set(root, [message.seq]);
    }
    return answers;
  }

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
