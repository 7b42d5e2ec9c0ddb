import type { Link } from '../net/link';
import type { Id, Level, PostPolicy, RoomRole } from '../wire';
import { Asking } from './asking.svelte';
import type { Speech } from './words';

export interface RoomChange {
  name?: string;
  topic?: string;
  post_policy?: PostPolicy;
  archived?: boolean;
}

/** What owners and moderators do to a room, and how a member wants to be told of it. Actions are true when done. */
export class RoomCare {
  readonly #asking: Asking;
  readonly #room: Id;
  readonly #link: Link;

  constructor(room: Id, link: Link, speech: Speech) {
    this.#room = room;
    this.#link = link;
    this.#asking = new Asking(speech);
  }

  get busy(): boolean {
    return this.#asking.busy;
  }

  /** Why the last action was refused; ''. */
  get problem(): string {
    return this.#asking.problem;
  }

  update(change: RoomChange): Promise<boolean> {
    return this.#done(() => this.#link.request('room:update', { room: this.#room, ...change }));
  }

  kick(user: Id): Promise<boolean> {
    return this.#done(() => this.#link.request('room:kick', { room: this.#room, user }));
  }

  appoint(user: Id, role: RoomRole): Promise<boolean> {
    return this.#done(() => this.#link.request('room:role', { room: this.#room, user, role }));
  }

  leave(): Promise<boolean> {
    return this.#done(() => this.#link.request('room:leave', { room: this.#room }));
  }

  /** Makes somebody else an owner, then leaves. */
  async handOver(heir: Id): Promise<boolean> {
    return (await this.appoint(heir, 'owner')) && this.leave();
  }

  /** `mutedUntil` in milliseconds since 1970; undefined: not muted. */
  notify(level: Level, mutedUntil?: number): Promise<boolean> {
    const muted = mutedUntil === undefined ? {} : { muted_until: new Date(mutedUntil).toISOString() };
    return this.#done(() => this.#link.request('room:notify', { room: this.#room, level, ...muted }));
  }

  async #done(ask: () => Promise<object>): Promise<boolean> {
    return (await this.#asking.try(ask)) !== undefined;
  }
}
