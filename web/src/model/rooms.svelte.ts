import { SvelteMap } from 'svelte/reactivity';
import type { Disk } from '../lib/disk';
import type { Host } from '../lib/host';
import { roomTag } from '../lib/text';
import type { Events, Head, Id, Message } from '../wire';
import type { Link } from '../net/link';
import { CatchUp } from './catchup';
import { directPeer } from './keys';
import { ReadMarks } from './readmarks';
import { further } from './receipts';
import { RoomState, type Change, type Verdict } from './roomstate.svelte';
import type { PageRecord, Tables } from './tables';

const SAVE_AFTER_MS = 1000;
const PAGE_ON_DISK = 200;
const WINDOWS_HELD = 8;

/** The rooms that this account is a member of, on this device and as the server tells. */
export class Rooms {
  /** False until something is known, from the disk or the server. */
  loaded = $state(false);

  readonly #rooms = new SvelteMap<Id, RoomState>();
  readonly #unsaved = new Set<RoomState>();
  #cancelSave: () => void = () => undefined;
  #windows: Id[] = []; // latest used last
  readonly #me: Id;
  readonly #host: Host;
  readonly #disk: Disk<Tables>;
  readonly #link: Link;
  readonly #catchUp: CatchUp;
  readonly #marks: ReadMarks;

  constructor(me: Id, host: Host, disk: Disk<Tables>, link: Link) {
    this.#me = me;
    this.#host = host;
    this.#disk = disk;
    this.#link = link;
    this.#catchUp = new CatchUp(host, link, (room) => this.#save(room));
    this.#marks = new ReadMarks(host, link);
  }

  get all(): Iterable<RoomState> {
    return this.#rooms.values();
  }

  get(room: Id): RoomState | undefined {
    return this.#rooms.get(room);
  }

  get everyone(): RoomState | undefined {
    return this.#find((head) => head.room.kind === 'everyone');
  }

  /** The 1:1 conversation with somebody, or the notes to oneself. */
  directWith(user: Id): RoomState | undefined {
    return this.#find((head) => directPeer(head, this.#me) === user);
  }

  /** By name, or as "#" writes it, whatever the case. */
  named(name: string): RoomState | undefined {
    const wanted = name.toLowerCase();
    const called = (text = '') => text.toLowerCase() === wanted;
    return this.#find(({ room }) => called(room.name)) ?? this.#find(({ room }) => called(roomTag(room.name ?? '')));
  }

  async load(): Promise<void> {
    for (const head of await this.#disk.all('heads')) this.#add(head);
    this.loaded = this.#rooms.size > 0;
  }

  /** The latest messages of a room as this device has them. */
  cached(room: Id): Promise<PageRecord | undefined> {
    return this.#disk.get('pages', room);
  }

  /** Keeps the messages of the latest few conversations in memory. */
  used(room: RoomState): void {
    this.#windows = [...this.#windows.filter((id) => id !== room.id), room.id];
    for (const id of this.#windows.splice(0, this.#windows.length - WINDOWS_HELD)) this.#rooms.get(id)?.shut();
  }

  /** After something of a room changed outside of events: keeps it, and asks for what it misses. */
  changed(room: RoomState): void {
    this.#save(room);
    if (room.behind && this.#catchUp.isTold(room)) void this.#catchUp.now(room);
  }

  /** From now on the server tells all of the room. Resolves when nothing of it is missing, or the connection is gone. */
  look(room: RoomState): Promise<void> {
    return this.#catchUp.look(room);
  }

  /** Nobody looks at the room any more: it is enough to know its head. */
  leave(room: RoomState): void {
    this.#catchUp.leave(room);
  }

  /** Moves the read position forward, here and on the server. */
  read(room: RoomState, seq: number): void {
    if (Math.min(seq, room.head.last_seq) <= room.head.read_seq) return;
    room.read(seq);
    this.#save(room);
    this.#marks.moved(room);
  }

  /** Moves the read position back to before `seq`. */
  async unread(room: RoomState, seq: number): Promise<void> {
    try {
      const answer = await this.#link.request('read:set', { room: room.id, seq: seq - 1, unread: true });
      room.setRead(answer.read_seq, answer.unread);
      this.#save(room);
    } catch {
      // Without an answer nothing has changed.
    }
  }

  /** Writes what waits to be written. */
  flush(): void {
    this.#cancelSave();
    const rooms = [...this.#unsaved].filter((room) => this.#rooms.get(room.id) === room);
    this.#unsaved.clear();
    for (const room of rooms) {
      this.#disk.save('heads', room.id, room.head);
      const page = pageOf(room);
      if (page) this.#disk.save('pages', room.id, page);
    }
  }

  /** What waits to be written is not. */
  stop(): void {
    this.#cancelSave();
    this.#catchUp.stop();
    this.#marks.stop();
  }

  // Events

  /** Takes the heads of a new connection; rooms not among them are gone. */
  ready(heads: Head[]): void {
    const told = new Set(heads.map((head) => head.room.id));
    for (const id of this.#rooms.keys()) if (!told.has(id)) this.removed(id);
    for (const head of heads) this.head(head);
    this.loaded = true;
    this.#catchUp.up((id) => this.#rooms.get(id));
    this.#marks.up();
  }

  /** Forgets every message: the server is not the one that it was. */
  reset(): void {
    for (const id of this.#rooms.keys()) this.removed(id);
  }

  head(head: Head): void {
    const room = this.#rooms.get(head.room.id);
    if (!room) return this.#save(this.#add(head));
    const read = this.#marks.untold(room.id);
    room.replaceHead(head);
    if (read !== undefined && read > head.read_seq) room.read(read);
    this.changed(room);
  }

  apply(id: Id, change: Change): Verdict {
    const room = this.#rooms.get(id);
    if (!room) return 'old';
    const verdict = room.apply(change);
    if (verdict === 'gap') this.#catchUp.soon(room);
    if (verdict === 'applied') this.#save(room);
    return verdict;
  }

  removed(id: Id): void {
    this.#rooms.delete(id);
    void this.#disk.remove('heads', id);
    void this.#disk.remove('pages', id);
  }

  readElsewhere(event: Events['read:changed']): void {
    const room = this.#rooms.get(event.room);
    if (!room) return;
    if (event.user === this.#me) room.read(event.seq);
    else room.head = further(room.head, event.user, event.seq, new Date(this.#host.now()).toISOString());
    this.#save(room);
  }

  delivered({ room: id, user, seq }: Events['delivered']): void {
    const room = this.#rooms.get(id);
    if (!room) return;
    room.head = further(room.head, user, seq);
    this.#save(room);
  }

  /** Whoever writes has read what stands above, and says so where it is shown at all. */
  answered({ room: id, author, seq, created_at: at }: Message): void {
    const room = this.#rooms.get(id);
    if (!room?.head.receipts?.some((receipt) => receipt.user === author.id)) return;
    room.head = further(room.head, author.id, seq, at);
  }

  // Internal

  #add(head: Head): RoomState {
    const room = new RoomState(head, this.#me);
    this.#rooms.set(head.room.id, room);
    return room;
  }

  #find(matches: (head: Head) => boolean): RoomState | undefined {
    for (const room of this.#rooms.values()) if (matches(room.head)) return room;
    return undefined;
  }

  #save(room: RoomState): void {
    if (this.#unsaved.size === 0) this.#cancelSave = this.#host.after(SAVE_AFTER_MS, () => this.flush());
    this.#unsaved.add(room);
  }
}

function pageOf(room: RoomState): PageRecord | undefined {
  const { window } = room;
  if (!window?.atEnd || room.behind) return undefined;
  const messages = [...window.messages(window.last - PAGE_ON_DISK + 1)];
  return { room: room.id, rev: room.rev, lowest: window.lowest, messages };
}
