import { folded } from '../lib/text';
import type { Link } from '../net/link';
import type { Id, ListedRoom, Room } from '../wire';
import { Asking } from './asking.svelte';
import { RoomState } from './roomstate.svelte';
import type { Speech } from './words';

/** An open room as it is listed. */
export interface ListedRoomView {
  readonly id: Id;
  readonly name: string;
  readonly topic: string;
  readonly members: number;
  readonly joined: boolean;
}

/** Open rooms, for the browse and create dialogs, and the doors of all rooms. */
export class Directory {
  loading = $state(false);

  #listed: readonly ListedRoom[] = $state.raw([]);
  readonly rooms: readonly ListedRoomView[] = $derived(this.#listed.map(view));
  #asked = 0;
  readonly #me: Id;
  readonly #link: Link;
  readonly #asking: Asking;

  constructor(me: Id, link: Link, speech: Speech) {
    this.#me = me;
    this.#link = link;
    this.#asking = new Asking(speech);
  }

  /** Why the last action was refused; ''. */
  get problem(): string {
    return this.#asking.problem;
  }

  // Actions

  /** Lists the open rooms whose name contains `query`. */
  async search(query: string): Promise<void> {
    const asked = ++this.#asked;
    this.loading = true;
    const rooms = await this.#asking.try(() => this.#list(query.trim()));
    if (asked !== this.#asked) return;
    this.loading = false;
    if (rooms) this.#listed = rooms;
  }

  /** The listed room that already has this name, for "#design exists. [Open it]". */
  existing(name: string): ListedRoomView | undefined {
    const wanted = folded(name.trim());
    return wanted === '' ? undefined : this.rooms.find((room) => folded(room.name) === wanted);
  }

  /** Creates a room; undefined when it was refused. */
  async create(name: string, options: { private: boolean; members: readonly Id[] }): Promise<Room | undefined> {
    const payload = { name: name.trim(), private: options.private, members: [...options.members] };
    return (await this.#asking.try(() => this.#link.request('room:create', payload)))?.room;
  }

  async join(room: Id): Promise<Room | undefined> {
    return (await this.#asking.try(() => this.#link.request('room:join', { room })))?.room;
  }

  /** Undefined when they were not invited: all or nobody. */
  async invite(room: Id, users: readonly Id[]): Promise<Room | undefined> {
    return (await this.#asking.try(() => this.#link.request('room:invite', { room, users: [...users] })))?.room;
  }

  clearProblem(): void {
    this.#asking.problem = '';
  }

  /** An open room as it looks to somebody who is not in it; undefined when there is none that may be seen. */
  async outside(id: Id): Promise<RoomState | undefined> {
    const known = this.#listed.find((room) => room.id === id);
    const room = known ?? (await this.#asking.try(() => this.#list('')))?.find((listed) => listed.id === id);
    if (!room) return undefined;
    const counters = { last_seq: 0, last_rev: 0, read_seq: 0, unread: 0, mentions: 0 };
    return new RoomState({ room, ...counters, notify: { level: 'none' }, role: 'member' }, this.#me);
  }

  // Internal

  async #list(query: string): Promise<ListedRoom[]> {
    const rooms: ListedRoom[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.#link.request('room:list', { ...(query && { query }), ...(cursor && { cursor }) });
      rooms.push(...page.rooms);
      cursor = page.cursor;
    } while (cursor);
    return rooms;
  }
}

function view(room: ListedRoom): ListedRoomView {
  const { id, name = '', topic = '', members_count: members, joined } = room;
  return { id, name, topic, members, joined };
}
