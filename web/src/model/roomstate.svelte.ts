import type { Changes, Head, HistoryPage, Id, Message, Room, RoomRole } from '../wire';
import { Window } from './window.svelte';

const COUNTED_MOST = 100;

/** One durable change of a room, as an event announces it. */
export interface Change {
  rev: number;
  message?: Message;
  room?: Room;
  /** How many members more; the change was of the membership. */
  members?: number;
  /** My own new role. */
  role?: RoomRole;
}

export type Verdict = 'applied' | 'old' | 'gap';

/** What the head had counted when a batch of changes began. */
interface Counted {
  seq: number;
  rev: number;
}

/**
 * A room as far as this client knows it, and the one rule by which it changes: the change after the latest is applied,
 * one that is not newer is ignored, and anything else is a gap, which `catchUp` closes by the same steps.
 */
export class RoomState {
  head: Head = $state.raw({} as Head);
  /** The messages at hand; undefined until the conversation was opened. */
  window: Window | undefined = $state.raw();
  /** Every change up to here is in `window`. */
  rev: number;
  /** Changes when the members, or their roles, may have. */
  membership = $state(0);

  /** Who is told of each message that changes here; undefined: any may have. */
  readonly followers = new Set<(message: Message | undefined) => void>();

  #announced: number;
  /** Set between two answers of one catch-up; until it is done, events are only noted. */
  #counted: Counted | undefined;
  readonly #me: Id;

  constructor(head: Head, me: Id) {
    this.head = head;
    this.rev = head.last_rev;
    this.#announced = head.last_rev;
    this.#me = me;
  }

  get id(): Id {
    return this.head.room.id;
  }

  /** The server has changes that are not here. */
  get behind(): boolean {
    return this.rev < this.#announced;
  }

  /** Applies an event. On `gap` it is only noted that something is missing. */
  apply(change: Change): Verdict {
    if (change.rev <= this.rev) return 'old';
    this.#announced = Math.max(this.#announced, change.rev);
    if (change.rev > this.rev + 1 || this.#counted) return 'gap';
    const counted = { seq: this.head.last_seq, rev: this.head.last_rev };
    if (change.message) this.#absorb(change.message, counted);
    if (change.room) this.#setRoom(change.room);
    if (change.members !== undefined) this.#countMembers(change, counted);
    if (change.role) this.head = { ...this.head, role: change.role };
    this.#reach(change.rev);
    return 'applied';
  }

  /** Applies one answer to `room:changes {since: rev}`. */
  catchUp(changes: Changes): void {
    this.#counted ??= { seq: this.head.last_seq, rev: this.head.last_rev };
    if (changes.reset) this.#reset(changes);
    else for (const message of changes.messages.toSorted(bySeq)) this.#absorb(message, this.#counted);
    if (changes.room) this.#setRoom(changes.room);
    if (changes.members_changed) this.membership++;
    this.#reach(changes.to_rev);
    if (!changes.more) this.#counted = undefined;
  }

  /** Takes the head that the server tells; without messages at hand nothing needs to be caught up. */
  replaceHead(head: Head): void {
    if (head.last_rev < this.head.last_rev) return;
    this.head = head;
    this.#counted = undefined;
    this.#announced = Math.max(this.#announced, head.last_rev);
    if (!this.window) this.rev = head.last_rev;
  }

  /** Holds a page that was asked for when the room was at `rev`. What happened since is caught up. */
  open(page: HistoryPage, rev: number): void {
    this.window = new Window(page);
    this.#rewind(rev);
  }

  addOlder(page: HistoryPage, rev: number): void {
    this.window?.prepend(page);
    this.#rewind(rev);
  }

  addNewer(page: HistoryPage, rev: number): void {
    this.window?.append(page);
    this.#rewind(rev);
  }

  /** Lets go of the messages. */
  shut(): void {
    this.window = undefined;
    this.rev = this.#announced = Math.max(this.#announced, this.head.last_rev);
  }

  /** Shows an acknowledged message before the changes in front of it have come. */
  show(message: Message): void {
    this.window?.put(message);
    this.#tell(message);
  }

  /** Moves the read position; the count is exact where the messages are at hand, else what it may be at most. */
  read(seq: number): void {
    const read = Math.min(seq, this.head.last_seq);
    const held = this.window && this.window.atEnd && this.window.first <= read + 1 ? this.window : undefined;
    const rest = held ? [...held.messages(read + 1)].filter((message) => this.#counts(message)) : undefined;
    const most = Math.min(COUNTED_MOST, this.head.last_seq - read);
    this.head = {
      ...this.head,
      read_seq: read,
      unread: rest ? Math.min(COUNTED_MOST, rest.length) : Math.min(this.head.unread, most),
      mentions: rest ? rest.filter((message) => this.#mentioned(message)).length : Math.min(this.head.mentions, most),
    };
  }

  /** Takes the server's answer to a read position. */
  setRead(seq: number, unread: number): void {
    this.head = { ...this.head, read_seq: seq, unread, mentions: Math.min(this.head.mentions, unread) };
  }

  /** The first unread message at hand that counts. */
  firstUnread(): Message | undefined {
    for (const message of this.window?.messages(this.head.read_seq + 1) ?? []) {
      if (this.#counts(message)) return message;
    }
    return undefined;
  }

  // Internal

  #absorb(message: Message, counted: Counted): void {
    const before = this.window?.get(message.seq);
    this.window?.put(message);
    this.#tell(message);
    const head = { ...this.head };
    if (message.seq >= (head.last_message?.seq ?? 0)) head.last_message = message;
    if (message.rev > counted.rev) this.#count(head, message, before, message.seq > counted.seq);
    head.last_seq = Math.max(head.last_seq, message.seq);
    this.head = head;
  }

  #count(head: Head, message: Message, before: Message | undefined, isNew: boolean): void {
    if (isNew && message.author.id === this.#me) {
      head.read_seq = Math.max(head.read_seq, message.seq);
      head.unread = head.mentions = 0;
      return;
    }
    if (message.seq <= head.read_seq) return;
    if (isNew && this.#counts(message)) {
      head.unread = Math.min(COUNTED_MOST, head.unread + 1);
      if (this.#mentioned(message)) head.mentions = Math.min(COUNTED_MOST, head.mentions + 1);
      return;
    }
    if (isNew || !message.deleted_at || message.author.id === this.#me || message.kind === 'system') return;
    if (head.unread < COUNTED_MOST) head.unread = Math.max(0, head.unread - 1);
    if (before && this.#mentioned(before)) head.mentions = Math.max(0, head.mentions - 1);
  }

  #countMembers(change: Change, counted: Counted): void {
    this.membership++;
    if (change.rev <= counted.rev) return;
    const { room } = this.head;
    this.#setRoom({ ...room, members_count: Math.max(0, room.members_count + (change.members ?? 0)) });
  }

  #reset(changes: Changes): void {
    const last = changes.messages.at(-1)?.seq ?? this.head.last_seq;
    const first = changes.messages.at(0)?.seq ?? 0;
    const lowest = Math.min(first, this.window?.lowest || 1);
    if (this.window) this.window = new Window({ messages: changes.messages, first: lowest, last });
    this.head = { ...this.head, last_seq: last, last_message: changes.messages.at(-1) ?? this.head.last_message };
    this.read(this.head.read_seq);
    this.#tell(undefined);
  }

  #tell(message: Message | undefined): void {
    for (const follow of this.followers) follow(message);
  }

  #setRoom(room: Room): void {
    this.head = { ...this.head, room };
  }

  #reach(rev: number): void {
    this.rev = Math.max(this.rev, rev);
    this.#announced = Math.max(this.#announced, this.rev);
    if (this.head.last_rev < this.rev) this.head = { ...this.head, last_rev: this.rev };
  }

  /** A page may be older than what was applied while it was on its way: apply that again, it does no harm. */
  #rewind(rev: number): void {
    this.rev = Math.min(this.rev, rev);
  }

  #counts(message: Message): boolean {
    return message.author.id !== this.#me && message.kind !== 'system' && !message.deleted_at;
  }

  #mentioned(message: Message): boolean {
    return message.mentions.some((id) => id === this.#me || id === 'everyone');
  }
}

/** By place: what I wrote reads what stands above it, not what was changed before it. */
function bySeq(a: Message, b: Message): number {
  return a.seq - b.seq;
}
