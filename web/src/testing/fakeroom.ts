import { RequestError } from '../net/requesterror';
import type {
  Changes,
  Head,
  HistoryPage,
  Id,
  ListedRoom,
  Message,
  Requests,
  Room,
  RoomRole,
  ShortUser,
  ThreadPage,
} from '../wire';

const CHANGES_MOST = 500;
export const LIMITS = { body: 8000, files: 10, file_bytes: 1e8, history: 200, changes: CHANGES_MOST };
const RESET_BEHIND = 1000;
const PAGE = 50;
const COUNTED_MOST = 100;

/** A room as the fake server keeps it. */
export interface FakeRoom {
  room: Room;
  members: Set<Id>;
  messages: Message[];
  rev: number;
  /** The revision of its latest change that is no message's. */
  roomRev: number;
  read: Map<Id, number>;
  /** Of those who are not plain members. */
  roles: Map<Id, RoomRole>;
}

export function history(kept: FakeRoom, by: Id, given: Requests['room:history']['in']): HistoryPage {
  const { messages } = kept;
  const limit = given.limit ?? PAGE;
  let from = messages.length - limit;
  if (given.before !== undefined) from = given.before - 1 - limit;
  if (given.after !== undefined) from = given.after;
  if (given.around !== undefined) from = given.around - 1 - Math.floor(limit / 2);
  from = Math.max(0, from);
  const to = given.before === undefined ? from + limit : Math.min(from + limit, given.before - 1);
  return {
    messages: messages.slice(from, to).map((message) => seenBy(by, message)),
    first: messages.length > 0 ? 1 : 0,
    last: messages.length,
  };
}

export function changes(kept: FakeRoom, by: Id, given: Requests['room:changes']['in']): Changes {
  if (kept.rev - given.since > RESET_BEHIND || given.since > kept.rev) {
    const { messages } = history(kept, by, { room: given.room });
    return { messages, to_rev: kept.rev, more: false, reset: true, room: kept.room };
  }
  const changed = kept.messages.filter((message) => message.rev > given.since).toSorted((a, b) => a.rev - b.rev);
  const page = changed.slice(0, given.limit ?? CHANGES_MOST);
  const more = page.length < changed.length;
  const about = kept.roomRev > given.since ? { room: kept.room, members_changed: true } : {};
  return {
    messages: page.map((message) => seenBy(by, message)),
    to_rev: more ? (page.at(-1)?.rev ?? kept.rev) : kept.rev,
    more,
    ...about,
  };
}

/** A room's head as `user` sees it; `peers` are the others in it. */
export function headOf(kept: FakeRoom, user: Id, peers: ShortUser[]): Head {
  const read = kept.read.get(user) ?? 0;
  const counted = kept.messages.filter((m) => m.seq > read && m.author.id !== user && !m.deleted_at);
  const mine = counted.filter((m) => m.mentions.includes(user));
  const last = kept.messages.at(-1);
  return {
    room: kept.room.kind === 'dm' ? { ...kept.room, peers } : kept.room,
    last_seq: kept.messages.length,
    last_rev: kept.rev,
    read_seq: read,
    unread: Math.min(COUNTED_MOST, counted.length),
    mentions: Math.min(COUNTED_MOST, mine.length),
    notify: { level: 'mentions' },
    role: kept.roles.get(user) ?? 'member',
    ...(last && { last_message: seenBy(user, last) }),
  };
}

/** The answers of the thread that a message is in. */
export function threadOf(kept: FakeRoom, by: Id, given: Requests['message:thread']['in']): ThreadPage {
  const at = kept.messages[given.seq - 1];
  const root = kept.messages[(at?.thread ?? given.seq) - 1];
  if (!root) throw new RequestError('not_found', 'There is no such message.');
  const { before = Infinity, limit = PAGE } = given;
  const answers = kept.messages.filter((message) => message.thread === root.seq && message.seq < before);
  const messages = answers.slice(-limit).map((message) => seenBy(by, message));
  return { root: seenBy(by, root), messages, more: messages.length < answers.length };
}

export function pinsOf(kept: FakeRoom, by: Id): { messages: Message[] } {
  const pinned = kept.messages.filter((message) => message.pinned_at !== undefined);
  const latest = pinned.toSorted((a, b) => (b.pinned_at ?? '').localeCompare(a.pinned_at ?? ''));
  return { messages: latest.map((message) => seenBy(by, message)) };
}

/** Takes the next place in a room. */
export function written(
  kept: FakeRoom,
  about: Pick<Message, 'id' | 'author' | 'created_at'>,
  body: string,
  more: Partial<Message>,
): Message {
  const place = { room: kept.room.id, seq: kept.messages.length + 1, rev: ++kept.rev };
  const mentions = [...body.matchAll(/<@(\w+)>/g)].map((match) => match[1] ?? '');
  const parent = kept.messages[(more.reply_to ?? 0) - 1];
  const thread = parent && { thread: parent.thread ?? parent.seq };
  return { ...about, ...place, kind: 'text', body, files: [], reactions: [], mentions, ...thread, ...more };
}

/** A message after its author has changed it. */
export function edited(message: Message, by: Id, body: string): Partial<Message> {
  if (message.author.id !== by) throw new RequestError('forbidden', 'Only the author edits.');
  return { body, edited_at: message.created_at };
}

/** A message after somebody has reacted to it, or taken that back. */
export function reacted(message: Message, by: Id, { emoji, on }: { emoji: string; on: boolean }): Partial<Message> {
  const known = message.reactions.find((one) => one.emoji === emoji);
  const users = (known?.users ?? []).filter((user) => user !== by);
  const changed = { emoji, users: on ? [...users, by] : users };
  const others = message.reactions.map((one) => (one === known ? changed : one));
  return { reactions: [...others, ...(known ? [] : [changed])].filter((one) => one.users.length > 0) };
}

/** The client's id of a message is its author's affair. */
export function seenBy(user: Id, message: Message): Message {
  if (message.author.id === user) return message;
  const { cid: _, ...seen } = message;
  return seen;
}

export function short({ id, name, display_name }: ShortUser): ShortUser {
  return { id, name, display_name };
}

export type RoomUpdate = Partial<Requests['room:update']['in']>;

export function updated(room: Room, { name, topic, post_policy, archived }: RoomUpdate, now: string): Room {
  return {
    ...room,
    ...(name && { name }),
    ...(topic && { topic }),
    ...(post_policy && { post_policy }),
    ...(archived && { archived_at: now }),
  };
}

/** The read position of `by` moves up to `seq`, and down only if it is to go `back`; the result is where it then is. */
export function readTo(kept: FakeRoom, by: Id, seq: number, back = false): number {
  const read = Math.max(back ? 0 : (kept.read.get(by) ?? 0), Math.min(seq, kept.messages.length));
  kept.read.set(by, read);
  return read;
}

export function listed(rooms: Iterable<FakeRoom>, user: Id): ListedRoom[] {
  const open = [...rooms].filter((kept) => kept.room.kind === 'public');
  return open.map((kept) => ({ ...kept.room, joined: kept.members.has(user) }));
}

export function capital(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}
