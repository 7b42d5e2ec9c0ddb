import { Backoff } from '../lib/backoff';
import type { Host } from '../lib/host';
import type { Link } from '../net/link';
import { RequestError } from '../net/requesterror';
import type { Id } from '../wire';
import type { RoomState } from './roomstate.svelte';

/** How long a gap may close by itself, when events overtake each other. */
export const GAP_WAIT_MS = 300;

/** Asks for what a room has missed: one question at a time and room, until nothing is missing. */
export class CatchUp {
  readonly #host: Host;
  readonly #link: Link;
  readonly #changed: (room: RoomState) => void;
  readonly #waiting = new Map<Id, () => void>();
  readonly #asking = new Map<Id, Promise<void>>();

  constructor(host: Host, link: Link, changed: (room: RoomState) => void) {
    this.#host = host;
    this.#link = link;
    this.#changed = changed;
  }

  /** After a gap: waits a moment, then asks if something is still missing. */
  soon(room: RoomState, waitMs = GAP_WAIT_MS): void {
    if (this.#waiting.has(room.id)) return;
    const cancel = this.#host.after(waitMs, () => {
      this.#waiting.delete(room.id);
      void this.now(room);
    });
    this.#waiting.set(room.id, cancel);
  }

  /** Resolves when nothing is missing, or the connection is gone. */
  now(room: RoomState): Promise<void> {
    const asking = this.#asking.get(room.id) ?? this.#askAll(room);
    this.#asking.set(room.id, asking);
    return asking;
  }

  stop(): void {
    for (const cancel of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }

  async #askAll(room: RoomState): Promise<void> {
    const backoff = new Backoff(() => this.#host.random());
    // Not before `now` has noted that it asks.
    await Promise.resolve();
    while (room.behind && this.#link.up) await this.#ask(room, backoff);
    this.#asking.delete(room.id);
  }

  async #ask(room: RoomState, backoff: Backoff): Promise<void> {
    const since = room.rev;
    try {
      room.catchUp(await this.#link.request('room:changes', { room: room.id, since }));
      this.#changed(room);
    } catch (error) {
      if (error instanceof RequestError && error.code === 'not_found') return room.shut();
      await this.#pause(backoff.next());
      return;
    }
    // An answer that brings nothing new must not turn this into a busy loop.
    if (room.rev === since && room.behind) await this.#pause(backoff.next());
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resume) => void this.#host.after(ms, resume));
  }
}
