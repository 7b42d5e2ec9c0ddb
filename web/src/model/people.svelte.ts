import { SvelteMap } from 'svelte/reactivity';
import type { Disk } from '../lib/disk';
import type { Host } from '../lib/host';
import { passed } from '../lib/formats';
import { folded } from '../lib/text';
import type { Link } from '../net/link';
import type { Id, Presence, PresenceState, ShortUser, User } from '../wire';
import type { Tables } from './tables';
import type { Speech } from './words';

/** Most people that are loaded and watched. */
const PEOPLE_MOST = 1000;

/** How somebody is; `hidden`: they, or I, do not show it. */
export type SeenPresence = PresenceState | 'hidden';

/** Everybody this account can see, and whether they are here. */
export class People {
  /** Changes when somebody's name may have. */
  version = $state(0);

  readonly #users = new SvelteMap<Id, User>();
  readonly #presence = new SvelteMap<Id, Presence>();
  readonly #sorted = $derived([...this.#users.values()].toSorted(byName));
  readonly #me: Id;
  readonly #host: Host;
  readonly #disk: Disk<Tables>;
  readonly #link: Link;
  readonly #speech: Speech;

  constructor(me: Id, host: Host, disk: Disk<Tables>, link: Link, speech: Speech) {
    this.#me = me;
    this.#host = host;
    this.#disk = disk;
    this.#link = link;
    this.#speech = speech;
  }

  /** Everybody known, me included, by display name. */
  get all(): readonly User[] {
    return this.#sorted;
  }

  get(user: Id): User | undefined {
    return this.#users.get(user);
  }

  /** The display name that somebody has now; `known` is what a message remembered. */
  nameOf(user: Id, known?: ShortUser): string {
    return this.#users.get(user)?.display_name ?? known?.display_name ?? this.#speech.words.somebody;
  }

  /** By the exact name, whatever the case: who is written to is not guessed. */
  byName(name: string): User | undefined {
    const wanted = name.normalize('NFC').toLowerCase();
    return this.#sorted.find((user) => user.name.normalize('NFC').toLowerCase() === wanted);
  }

  presence(user: Id): SeenPresence {
    const presence = this.#presence.get(user);
    return presence?.hidden ? 'hidden' : (presence?.state ?? 'offline');
  }

  isHere(user: Id): boolean {
    return !['offline', 'hidden'].includes(this.presence(user));
  }

  /** Known to be offline; false while nothing is known. */
  isOffline(user: Id): boolean {
    return this.#presence.has(user) && this.presence(user) === 'offline';
  }

  /** "last seen 2 h ago" for somebody who is offline; ''. */
  lastSeen(user: Id): string {
    const presence = this.#presence.get(user);
    if (presence?.state !== 'offline' || !presence.last_seen) return '';
    const { lastSeen, ago } = this.#speech.words;
    return lastSeen(ago(passed(this.#host.now() - Date.parse(presence.last_seen))));
  }

  /** For pickers: those whose name contains `query`, online first, never me. */
  search(query: string): readonly User[] {
    const wanted = folded(query.trim());
    const found = this.#sorted.filter((user) => user.id !== this.#me && !user.disabled && matches(user, wanted));
    const here = (user: User) => (this.isHere(user.id) ? 0 : 1);
    return found.toSorted((a, b) => here(a) - here(b));
  }

  async load(): Promise<void> {
    for (const user of await this.#disk.all('people')) this.#users.set(user.id, user);
  }

  // Events

  /** Nobody's presence is known without a connection. */
  down(): void {
    this.#presence.clear();
  }

  /** Loads everybody and watches them. Rejects as the link does. */
  async up(): Promise<void> {
    let cursor: string | undefined;
    do {
      const page = await this.#link.request('user:list', cursor ? { cursor } : {});
      for (const user of page.users) this.changed(user);
      cursor = page.cursor;
    } while (cursor && this.#users.size < PEOPLE_MOST);
    await this.#watch();
  }

  changed(user: User): void {
    this.#users.set(user.id, user);
    this.version++;
    this.#disk.save('people', user.id, user);
  }

  /** Somebody was met who was not in the list. */
  async met(user: ShortUser): Promise<void> {
    if (this.#users.has(user.id)) return;
    this.changed({ ...user, role: 'member' });
    await this.#watch();
  }

  /** I show my presence, and am shown that of others, or do not any more. */
  watchAnew(): void {
    // Without an answer it is asked again with the next connection.
    this.#watch().catch(() => undefined);
  }

  presences(states: Presence[]): void {
    for (const presence of states) this.#presence.set(presence.user, presence);
  }

  // Internal

  async #watch(): Promise<void> {
    const users = [...this.#users.keys()].slice(0, PEOPLE_MOST);
    const { states } = await this.#link.request('presence:watch', { users });
    this.presences(states);
  }
}

function byName(a: ShortUser, b: ShortUser): number {
  return a.display_name.localeCompare(b.display_name);
}

function matches(user: ShortUser, wanted: string): boolean {
  return folded(user.name).includes(wanted) || folded(user.display_name).includes(wanted);
}
