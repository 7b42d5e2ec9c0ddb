import type { Head, Id, Member, Room, User } from '../wire';
import { Composer } from './composer.svelte';
import { Editing } from './editing.svelte';
import { History } from './history.svelte';
import type { Lens } from './lens';
import { titleOf, type ConversationKind } from './keys';
import { MessageList } from './messagelist.svelte';
import { Members } from './members.svelte';
import { Reading } from './reading';
import { Receipts } from './receipts';
import type { RoomState } from './roomstate.svelte';
import { permissionsOf, type Permissions } from './permissions';
import { keyOf, type MessageRow, type Row } from './rows';
import { Quotes } from './quotes.svelte';
import type { Services } from './services';
import { View } from './view.svelte';

const RETRY_MS = 2000;

/** One conversation: a room, Everyone, or a direct one (which may not exist on the server yet). */
export class Conversation implements Lens {
  /** A room's id, or `@` and a person's id. */
  readonly key: string;
  readonly composer: Composer;
  readonly editing: Editing;
  readonly quotes: Quotes;
  readonly history: History;
  /** Where the reader is. */
  readonly view: View;
  readonly reading: Reading;
  readonly receipts: Receipts;
  /** `missing`: "This room does not exist or is private." */
  status: 'loading' | 'ready' | 'missing' = $state('loading');
  #isOpen = false;
  #loading: Promise<void> = Promise.resolve();
  /** Opened without a connection: what is unread is not known yet. */
  #unplaced = false;
  /** An open room that is looked at from outside. */
  #preview: RoomState | undefined = $state.raw();
  readonly #peer: Id | undefined;
  readonly #list: MessageList;
  readonly #members: Members;
  readonly #services: Services;

  constructor(key: string, services: Services) {
    this.key = key;
    this.#peer = key.startsWith('@') ? key.slice(1) : undefined;
    this.#services = services;
    this.view = new View(services, services.host);
    this.#members = new Members(services.link);
    this.history = new History(services.link, services.rooms);
    this.reading = new Reading(services.host, (seq) => this.#readTo(seq));
    this.receipts = new Receipts(() => this.state, services);
    this.#list = new MessageList(this, () => this.state, services);
    this.composer = new Composer(this, services);
    this.quotes = new Quotes(() => this.state, services.link);
    this.editing = new Editing(() => this.state, services);
  }

  get kind(): ConversationKind {
    if (this.#peer !== undefined || this.room?.kind === 'dm') return 'direct';
    return this.room?.kind ?? 'public';
  }

  get title(): string {
    const { me, people, words } = this.#services;
    if (this.#peer === me.id) return words.notes;
    if (this.#peer !== undefined) return people.nameOf(this.#peer);
    return titleOf(this.room, words, (peer) => people.nameOf(peer.id, peer));
  }

  get head(): Head | undefined {
    return this.state?.head;
  }

  get room(): Room | undefined {
    return this.head?.room;
  }

  get roomId(): Id | undefined {
    return this.room?.id;
  }

  /** The other person of a 1:1 direct conversation (me, for notes to oneself). */
  get person(): User | undefined {
    return this.#peer === undefined ? undefined : this.#services.people.get(this.#peer);
  }

  get membersCount(): number {
    return this.room?.members_count ?? 0;
  }

  /** What is known of the room; undefined for a direct conversation in which nothing was sent yet. */
  get state(): RoomState | undefined {
    const { rooms } = this.#services;
    if (this.#peer !== undefined) return rooms.directWith(this.#peer);
    return rooms.get(this.key) ?? this.#preview;
  }

  /** For the details panel; filled by `loadMembers`. */
  get members(): readonly Member[] {
    return this.#members.items;
  }

  /** Of Everyone or of the members loaded, how many are here; 0 for those who may not know. */
  get onlineCount(): number {
    const { people, account } = this.#services;
    if (!account.shows('presence')) return 0;
    const members = this.kind === 'everyone' ? people.all : this.members.map((member) => member.user);
    return members.filter((user) => people.isHere(user.id)).length;
  }

  /** False: an open room seen from outside; show [Join] in place of the composer. */
  get joined(): boolean {
    return this.#peer !== undefined || this.#services.rooms.get(this.key) !== undefined;
  }

  get rows(): readonly Row[] {
    return this.#list.rows;
  }

  get hasOlder(): boolean {
    return (this.joined && this.state?.window?.hasOlder) ?? false;
  }

  get hasNewer(): boolean {
    return this.state?.window?.hasNewer ?? false;
  }

  /** Messages below that were not on screen: pill "2 new messages"; 0: "Jump to latest". */
  get newBelow(): number {
    return this.state ? this.view.newBelow(this.state.head) : 0;
  }

  /** "312 new since 09:14 · Jump to latest", while more than a screen is unread; ''. */
  get unreadPill(): string {
    return this.state && this.joined ? this.view.unreadPill(this.state, this.hasNewer) : '';
  }

  /** What I may do with a message. */
  permissions(row: MessageRow): Permissions {
    return permissionsOf(row, this.state?.head, this.#services.me);
  }

  /** "Ann is typing…"; ''. */
  get typing(): string {
    return this.roomId ? this.#services.typing.text(this.roomId) : '';
  }

  // Actions

  /** Shows it: from memory, then from the disk, then from the server. */
  async open(): Promise<void> {
    this.#isOpen = true;
    const room = this.state;
    this.#loading = room?.window ? this.#opened(room) : this.#load();
    await this.#loading;
  }

  /** Another conversation is opened, or none. */
  leave(): void {
    this.#isOpen = false;
    this.#preview = undefined;
    this.view.divider = undefined;
    this.reading.stop();
    this.composer.left();
    const room = this.state;
    if (!room) return;
    this.#services.rooms.leave(room);
    if (!room.window?.atEnd) return room.shut();
    room.window.following = true;
  }

  async loadOlder(): Promise<void> {
    if (this.state) await this.history.older(this.state);
  }

  async loadNewer(): Promise<void> {
    if (this.state) await this.history.newer(this.state);
  }

  /** Goes to a message and marks it for a moment; skipped rows stay unread. False when it may not be read. */
  async reveal(seq: number): Promise<boolean> {
    await this.#loading;
    const room = this.state;
    if (!room) return false;
    this.#skipUnread(room);
    if (!room.window?.get(seq)) await this.history.around(room, seq);
    const message = room.window?.get(seq);
    if (message) this.view.toRow(keyOf(message));
    return message !== undefined;
  }

  /** Shows the latest page; skipped rows stay unread. */
  async jumpToLatest(): Promise<void> {
    const room = this.state;
    if (!room) return;
    this.#skipUnread(room);
    if (room.window && !room.window.atEnd) await this.history.latest(room);
    this.view.toEnd();
  }

  /** Tells which rows are on screen, by `MessageRow.seq`, and whether the list is at its end: after each change. */
  viewport(first: number | undefined, last: number | undefined, atEnd: boolean): void {
    this.view.moved(first, last, atEnd && !this.hasNewer);
    const window = this.state?.window;
    if (window) window.following = this.view.atEnd;
    this.reading.onScreen(first ?? 0, last ?? 0);
  }

  /** Everything from a row on is unread again, until it is read another time. */
  async markUnread(seq: number): Promise<void> {
    const room = this.state;
    if (!room) return;
    this.reading.unread();
    await this.#services.rooms.unread(room, seq);
    this.view.divide(room, room.firstUnread());
  }

  /** Esc: the New divider goes and everything is read. */
  markRead(): void {
    this.view.divider = undefined;
    this.reading.done();
    const room = this.state;
    if (room) this.#readTo(room.head.last_seq);
  }

  async loadMembers(): Promise<void> {
    if (this.roomId) await this.#members.load(this.roomId);
  }

  // Events

  /** Sending reads everything above, and shows the end. */
  wroteHere(): void {
    this.view.divider = undefined;
    this.reading.done();
    void this.jumpToLatest();
  }

  /** The connection is up, or the room has become known. */
  async refresh(): Promise<void> {
    if (!this.#isOpen) return;
    if (!this.state?.window) await this.#load();
    else if (this.#unplaced) await this.#placeWhenCurrent(this.state);
  }

  // Internal

  #skipUnread(room: RoomState): void {
    const unread = room.firstUnread();
    if (unread && unread.seq > this.view.seenLast) this.reading.jumped(unread.seq);
  }

  async #load(): Promise<void> {
    const room = this.state ?? (await this.#lookFromOutside());
    if (!room) return;
    const loaded = await (this.joined ? this.history.open(room) : this.history.preview(room));
    if (loaded === 'missing') this.status = 'missing';
    if (loaded === 'loaded') await this.#opened(room);
    if (loaded === 'failed') this.#services.host.after(RETRY_MS, () => void this.refresh());
  }

  async #opened(room: RoomState): Promise<void> {
    this.status = 'ready';
    this.#services.rooms.used(room);
    this.#services.outbox.settle(this.key);
    this.#place(room);
    await this.#placeWhenCurrent(room);
  }

  /** What was cached may lack just the unread rows: the divider waits for them, and is placed once. */
  async #placeWhenCurrent(room: RoomState): Promise<void> {
    this.#unplaced = !this.#services.link.up;
    if (this.#isOpen && this.joined) await this.#services.rooms.look(room);
    if (this.#unplaced || this.view.divider) return;
    if (this.#isOpen && !this.view.divider && room.firstUnread()) this.#place(room);
  }

  #place(room: RoomState): void {
    this.view.place(room, this.joined ? room.firstUnread() : undefined);
  }

  /** A direct conversation without a room is empty; any other key may be an open room that I am not in. */
  async #lookFromOutside(): Promise<RoomState | undefined> {
    if (this.#peer !== undefined) {
      this.status = 'ready';
      return undefined;
    }
    if (!this.#services.link.up) return undefined;
    const found = await this.#services.directory.outside(this.key);
    if (!found) this.status = 'missing';
    this.#preview = found;
    return found;
  }

  #readTo(seq: number): void {
    if (this.state && this.joined) this.#services.rooms.read(this.state, seq);
  }
}
