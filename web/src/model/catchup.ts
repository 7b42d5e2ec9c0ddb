import { Backoff } from '../lib/backoff';
import type { Host } from '../lib/host';
import type { Link } from '../net/link';
import { RequestError } from '../net/requesterror';
import type { Changes, Id } from '../wire';
import type { RoomState } from './roomstate.svelte';

/** How long a gap may close by itself, when events overtake each other. */
export const GAP_WAIT_MS = 300;
/** The same in a room of which the server tells heads only: the next one, within a second, closes it. */
export const HEAD_WAIT_MS = 1500;

/**
 * Asks for what a room has missed: one question at a time and room, until nothing is missing. The server tells all of the
 * room that is looked at and of direct ones; of the others it tells heads, and they are caught up when they are looked at.
 */
export class CatchUp {
  /** The room that is looked at, and whether the server knows on this connection. */
  #looked: { room: Id; told: boolean } | undefined;
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

  /** Whether every event of a room is told. */
  isTold(room: RoomState): boolean {
    return room.head.room.kind === 'dm' || this.#looked?.room === room.id;
  }

  /** From now on the server tells all of this room. Resolves as `now`. */
  look(room: RoomState): Promise<void> {
    const before = this.#looked?.room;
    if (before !== room.id) {
      this.#looked = { room: room.id, told: room.head.room.kind === 'dm' };
      if (before !== undefined) this.#blur(before);
    }
    return this.now(room);
  }

  /** Heads of this room are enough. */
  leave(room: RoomState): void {
    if (this.#looked?.room !== room.id) return;
    this.#looked = undefined;
    this.#blur(room.id);
  }

  /** A new connection knows nothing of what is looked at. */
  up(roomOf: (id: Id) => RoomState | undefined): void {
    const room = this.#looked && roomOf(this.#looked.room);
    this.#looked = undefined;
    if (room) void this.look(room);
  }

  /** After a gap: waits a moment, then asks if something is still missing. */
  soon(room: RoomState): void {
    if (this.#waiting.has(room.id)) return;
    const waitMs = this.isTold(room) ? GAP_WAIT_MS : HEAD_WAIT_MS;
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
    while ((room.behind || this.#mustTell(room)) && this.#link.up) await this.#ask(room, backoff);
    this.#asking.delete(room.id);
  }

  async #ask(room: RoomState, backoff: Backoff): Promise<void> {
    const since = room.rev;
    try {
      room.catchUp(await this.#request(room, since));
      this.#changed(room);
    } catch (error) {
      if (error instanceof RequestError && ['not_found', 'forbidden'].includes(error.code)) return this.#gone(room);
      await this.#pause(backoff.next());
      return;
    }
    // An answer that brings nothing new must not turn this into a busy loop.
    if (room.rev === since && room.behind) await this.#pause(backoff.next());
  }

  /** To look at a room is to ask for its changes: what the server tells from then on fits what it has answered. */
  #request(room: RoomState, since: number): Promise<Changes> {
    const asked = { room: room.id, since };
    if (!this.#mustTell(room)) return this.#link.request('room:changes', asked);
    this.#looked = { room: room.id, told: true };
    return this.#link.request('room:focus', asked).then(
      (answer) => ({ messages: [], more: false, ...answer }),
      (error: unknown) => {
        if (this.#looked?.room === room.id) this.#looked.told = false;
        throw error;
      },
    );
  }

  #mustTell(room: RoomState): boolean {
    return this.#looked?.room === room.id && !this.#looked.told;
  }

  /** The server has no such room for me, or none that I am in. */
  #gone(room: RoomState): void {
    if (this.#looked?.room === room.id) this.#looked = undefined;
    room.shut();
  }

  #blur(room: Id): void {
    // Lost with the connection, it is over anyway.
    if (this.#link.up) this.#link.request('room:blur', { room }).catch(() => undefined);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resume) => void this.#host.after(ms, resume));
  }
}
