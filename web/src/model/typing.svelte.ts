import { SvelteMap } from 'svelte/reactivity';
import type { Host } from '../lib/host';
import type { Link } from '../net/link';
import type { Events, Id, ShortUser } from '../wire';
import type { Speech } from './words';

const SEND_EVERY_MS = 3000;
const SHOWN_MOST_MS = 5000;

/** Who is typing where, both ways. */
export class Typing {
  readonly #shown = new SvelteMap<Id, ShortUser[]>(); // by room
  readonly #expiries = new Map<string, () => void>(); // by room and user
  readonly #sentAt = new Map<string, number>(); // by target
  readonly #host: Host;
  readonly #link: Link;
  readonly #speech: Speech;

  constructor(host: Host, link: Link, speech: Speech) {
    this.#host = host;
    this.#link = link;
    this.#speech = speech;
  }

  /** "Ann is typing…", "Ann and Bob are typing…", "3 people are typing…"; ''. */
  text(room: Id): string {
    const names = (this.#shown.get(room) ?? []).map((user) => user.display_name);
    return names.length === 0 ? '' : this.#speech.words.feed.typing(names);
  }

  // Actions

  /** Tells the audience that I am typing, at most every 3 s. */
  tell(target: { room?: Id; to?: Id }): void {
    const key = target.room ?? `@${target.to}`;
    const now = this.#host.now();
    if (!this.#link.up || now - (this.#sentAt.get(key) ?? -Infinity) < SEND_EVERY_MS) return;
    this.#sentAt.set(key, now);
    this.#link.cast('typing', target);
  }

  /** After a send the next word is told at once. */
  sent(target: { room?: Id; to?: Id }): void {
    this.#sentAt.delete(target.room ?? `@${target.to}`);
  }

  // Events

  show(event: Events['typing']): void {
    const { room, user } = event;
    this.#expiries.get(room + user.id)?.();
    const forget = () => this.hide(room, user.id);
    this.#expiries.set(room + user.id, this.#host.after(Math.min(event.ttl_ms, SHOWN_MOST_MS), forget));
    const others = (this.#shown.get(room) ?? []).filter((other) => other.id !== user.id);
    this.#shown.set(room, [...others, user]);
  }

  /** Also when a message of theirs has come. */
  hide(room: Id, user: Id): void {
    const typing = this.#shown.get(room);
    if (!typing?.some((other) => other.id === user)) return;
    this.#expiries.get(room + user)?.();
    this.#expiries.delete(room + user);
    const rest = typing.filter((other) => other.id !== user);
    if (rest.length > 0) this.#shown.set(room, rest);
    else this.#shown.delete(room);
  }
}
