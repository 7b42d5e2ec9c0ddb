import type { Head, ShortUser, User } from '../wire';
import { directPeer, isMuted, keyOf, titleOf, type ConversationKind } from './keys';
import type { RoomState } from './roomstate.svelte';
import type { Services } from './services';

const COUNTED_MOST = 100;
const ORDER = 'parley.order';

/** What decides where nothing mentions me. */
export type Order = 'activity' | 'name';

/** One line of the sidebar. */
export interface SidebarItem {
  /** What `Chat.open` takes. */
  readonly key: string;
  readonly kind: ConversationKind;
  readonly title: string;
  /** The other person of a 1:1 direct conversation. */
  readonly person: ShortUser | undefined;
  readonly unread: number;
  readonly mentions: number;
  /** The number on the accent badge: unread of a direct, mentions of a room, "99+" from 100; '' for none. */
  readonly badge: string;
  /** Bold name and dot: something unread that the badge does not count. */
  readonly bold: boolean;
  readonly muted: boolean;
  /** When something was last written; milliseconds since 1970. */
  readonly activeAt: number;
  /** A draft waits here and the conversation is not open. */
  readonly draft: boolean;
  readonly open: boolean;
}

/** The list of conversations and people. */
export class Sidebar {
  /** Everyone first. */
  readonly rooms = $derived.by(() => this.#items((head) => head.room.kind !== 'dm'));
  readonly directs = $derived.by(() => this.#items((head) => head.room.kind === 'dm'));
  /** People without a direct conversation yet, online first; never me. */
  readonly people: readonly User[] = $derived.by(() => this.#others());

  /** The order at the time it was held. */
  #held: ReadonlyMap<string, number> | undefined = $state.raw();
  readonly #services: Services;
  readonly #openKey: () => string | undefined;
  #order: Order = $state('activity');

  constructor(services: Services, openKey: () => string | undefined) {
    this.#order = services.host.notes.get(ORDER) === 'name' ? 'name' : 'activity';
    this.#services = services;
    this.#openKey = openKey;
  }

  /** False while nothing is known yet: show a skeleton. */
  get loaded(): boolean {
    return this.#services.rooms.loaded;
  }

  /** Kept on this device. */
  get order(): Order {
    return this.#order;
  }

  set order(order: Order) {
    this.#order = order;
    this.#services.host.notes.set(ORDER, order);
  }

  /** What the page's title counts. */
  get count(): number {
    const items = [...this.rooms, ...this.directs].filter((item) => !item.muted || item.mentions > 0);
    return items.reduce((sum, item) => sum + important(item), 0);
  }

  /** While held, nothing changes its place (pointer or focus is in it). */
  hold(): void {
    this.#held ??= new Map([...this.rooms, ...this.directs].map((item, place) => [item.key, place]));
  }

  release(): void {
    this.#held = undefined;
  }

  // Internal

  #items(wanted: (head: Head) => boolean): readonly SidebarItem[] {
    const rooms = [...this.#services.rooms.all].filter((room) => wanted(room.head));
    const held = this.#held;
    const items = rooms.map((room) => this.#item(room)).toSorted((a, b) => this.#compare(a, b));
    if (!held) return items;
    const place = (item: SidebarItem) => held.get(item.key) ?? held.size;
    return items.toSorted((a, b) => place(a) - place(b));
  }

  /** Everyone, then what mentions me, then as the person wants it. */
  #compare(a: SidebarItem, b: SidebarItem): number {
    const latest = this.#order === 'activity' ? b.activeAt - a.activeAt : 0;
    return urgency(a) - urgency(b) || latest || a.title.localeCompare(b.title);
  }

  #item(room: RoomState): SidebarItem {
    const { me, people, drafts, host } = this.#services;
    const { head } = room;
    const key = keyOf(head, me.id);
    const peer = directPeer(head, me.id);
    const open = this.#openKey() === key;
    const kind: ConversationKind = head.room.kind === 'dm' ? 'direct' : head.room.kind;
    const counted = { kind, unread: head.unread, mentions: head.mentions };
    const number = important(counted);
    return {
      ...counted,
      key,
      title: titleOf(head.room, this.#services.words, (user) => people.nameOf(user.id, user)),
      person: peer === undefined ? undefined : people.get(peer),
      badge: number === 0 ? '' : number >= COUNTED_MOST ? '99+' : String(number),
      bold: head.unread > 0,
      activeAt: Date.parse(head.last_message?.created_at ?? '') || 0,
      muted: isMuted(head, host.now()),
      draft: !open && drafts.has(key),
      open,
    };
  }

  #others(): readonly User[] {
    const { people, rooms } = this.#services;
    return people.search('').filter((user) => rooms.directWith(user.id) === undefined);
  }
}

/** What is addressed to me: all of a direct conversation, the mentions of a room. */
function important(item: Pick<SidebarItem, 'kind' | 'unread' | 'mentions'>): number {
  return item.kind === 'direct' ? item.unread : item.mentions;
}

function urgency({ kind, mentions }: SidebarItem): number {
  if (kind === 'everyone') return 0;
  return mentions > 0 ? 1 : 2;
}
