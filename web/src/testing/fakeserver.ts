import { FakeHall } from './fakehall';
import { RequestError } from '../net/requesterror';
import { LIMITS, capital, changes, edited, history, listed, pinsOf, reacted, readTo } from './fakeroom';
import { seenBy, short, threadOf, updated, written, type FakeRoom, type RoomUpdate } from './fakeroom';
import type { UploadWatch } from '../net/uploader';
import type { Events, File, Head, Id, Member, Message, Requests, Room, ServerSettings, User } from '../wire';

type Handlers = { [K in keyof Requests]?: (by: Id, given: Requests[K]['in']) => Requests[K]['out'] };

/** A server that keeps the part of the contract that the model rests on, in memory and at once. */
export class FakeServer extends FakeHall {
  /** False: uploads find no server. */
  takesFiles = true;
  readonly uploads = new Map<Id, File>();
  epoch = 'e1';
  /** Whoever comes is its owner, and is to set it up. */
  isNew = false;
  settings: ServerSettings = { name: 'Acme chat', registration: 'open', fixed: [] };
  /** Answers every send with this, while set. */
  refusal: RequestError | undefined;
  /** The sends that came in, also those answered from the first one. */
  sends: { cid: string; body: string }[] = [];
  /** What a test answers by itself. */
  readonly answers: Handlers = {};

  readonly #byCid = new Map<string, Message>();

  constructor(...names: string[]) {
    super();
    const room: Room = { id: '1', kind: 'everyone', members_count: 0, post_policy: 'members' };
    this.keep(room, []);
    for (const name of names) this.addUser(name);
  }

  // For tests

  addUser(name: string): User {
    const user: User = { id: `9${this.users.size}`, name, display_name: capital(name), role: 'member' };
    this.users.set(user.id, user);
    const everyone = this.room('1');
    everyone.members.add(user.id);
    everyone.room = { ...everyone.room, members_count: everyone.members.size };
    everyone.roomRev = ++everyone.rev;
    this.tell('1', {
      name: 'member:changed',
      payload: { room: '1', rev: everyone.rev, user, role: 'member', joined: true },
    });
    return user;
  }

  user(name: string): User {
    const user = [...this.users.values()].find((other) => other.name === name);
    if (!user) throw new Error(`no user ${name}`);
    return user;
  }

  addRoom(name: string, kind: 'public' | 'private', ...members: Id[]): FakeRoom {
    const id = String(this.ids++);
    return this.keep({ id, kind, name, members_count: members.length, post_policy: 'members' }, members);
  }

  post(author: Id, room: Id, body: string, more: Partial<Message> = {}): Message {
    return this.#post(this.room(room), author, body, more);
  }

  change(room: Id, seq: number, change: Partial<Message>): Message {
    const kept = this.room(room);
    const message = { ...this.messageAt(kept, seq), ...change, rev: ++kept.rev };
    kept.messages[seq - 1] = message;
    this.tellLookers(kept, () => ({ name: 'message:changed', payload: { room, rev: message.rev, message } }));
    return message;
  }

  remove(room: Id, seq: number): Message {
    const gone = { body: '', files: [], reactions: [], mentions: [], deleted_at: this.clock() };
    const removed = this.change(room, seq, { ...gone, pinned_at: undefined });
    this.#countAnswer(removed, -1);
    return removed;
  }

  update(id: Id, change: RoomUpdate): Room {
    const kept = this.room(id);
    kept.room = updated(kept.room, change, this.clock());
    kept.roomRev = ++kept.rev;
    this.tell(id, { name: 'room:changed', payload: { rev: kept.rev, room: kept.room } });
    return kept.room;
  }

  ready(user: Id): Events['ready'] {
    const server = { ...this.settings, version: '0', proto: 1, epoch: this.epoch, limits: LIMITS, new: this.isNew };
    return { me: this.known(user), server, rooms: this.heads(user), drafts: [] };
  }

  heads(user: Id): Head[] {
    return [...this.rooms.values()].filter((kept) => kept.members.has(user)).map((kept) => this.head(kept, user));
  }

  // Uploads

  /** Keeps a file whose name says what becomes of it: `large` is refused. */
  async upload(content: Blob, about: { name: string; alt: string }, watch: UploadWatch): Promise<File> {
    watch.progress(0.5);
    if (!this.takesFiles) throw new RequestError('offline', 'no answer from the server');
    if (about.name.includes('large')) throw new RequestError('too_large', 'A file may have 100000000 bytes.');
    const id = String(this.ids++);
    const { name, alt } = about;
    const file = { id, name, alt, mime: content.type, bytes: content.size, url: `/files/${id}/${name}` };
    this.uploads.set(id, file);
    return file;
  }

  // Requests

  answer<E extends keyof Requests>(
    user: Id,
    event: E,
    payload: Requests[E]['in'],
    focused = new Set<Id>(),
  ): Requests[E]['out'] {
    const handlers: Handlers = {
      sync: (by) => ({ me: this.known(by), rooms: this.heads(by), drafts: [] }),
      'message:send': (by, given) => this.#send(by, given),
      'message:edit': (by, { room, seq, body }) => ({
        message: this.change(room, seq, edited(this.#at(room, seq), by, body)),
      }),
      'message:delete': (_by, { room, seq }) => ({ message: this.remove(room, seq) }),
      'reaction:set': (by, given) => ({
        message: this.change(given.room, given.seq, reacted(this.#at(given.room, given.seq), by, given)),
      }),
      'pin:set': (_by, { room, seq, on }) => ({
        message: this.change(room, seq, { pinned_at: on ? this.clock() : undefined }),
      }),
      'pin:list': (by, given) => pinsOf(this.readable(by, given.room), by),
      'message:thread': (by, given) => threadOf(this.readable(by, given.room), by, given),
      'room:history': (by, given) => history(this.readable(by, given.room), by, given),
      'room:changes': (by, given) => changes(this.readable(by, given.room), by, given),
      'room:focus': (by, given) => {
        focused.add(given.room);
        return changes(this.readable(by, given.room), by, { since: 0, ...given });
      },
      'room:blur': (_by, given) => ({ ok: focused.delete(given.room) }),
      'room:list': () => ({ rooms: listed(this.rooms.values(), user) }),
      'room:create': (by, given) => this.#create(by, given),
      'room:join': (by, given) => this.#join(by, given.room),
      'room:leave': (by, given) => this.#leave(by, given.room),
      'room:invite': (by, given) => {
        for (const invited of given.users) this.#join(invited, given.room, by);
        return { room: this.room(given.room).room };
      },
      'room:members': (_by, given) => ({ members: this.#members(this.room(given.room)) }),
      'room:update': (_by, given) => ({ room: this.update(given.room, given) }),
      'room:role': (_by, given) => this.#appoint(given),
      'room:kick': (_by, given) => this.#leave(given.user, given.room, 'kicked'),
      'read:set': (by, given) => this.#readSet(by, given),
      'presence:set': () => ({}),
      'presence:watch': (_by, given) => ({
        states: given.users.map((id) => ({
          user: id,
          state: [...this.listeners].some((one) => one.user === id) ? 'online' : 'offline',
        })),
      }),
      'user:list': () => ({ users: [...this.users.values()] }),
    };
    const handler = this.answers[event] ?? handlers[event];
    if (!handler) throw new RequestError('not_found', `There is no ${event} here.`);
    return handler(user, payload);
  }

  // Internal

  #at(room: Id, seq: number): Message {
    return this.messageAt(this.room(room), seq);
  }

  #send(by: Id, given: Requests['message:send']['in']): Requests['message:send']['out'] {
    this.sends.push({ cid: given.cid, body: given.body });
    if (this.refusal) throw this.refusal;
    const first = this.#byCid.get(by + given.cid);
    if (first) return { message: this.messageAt(this.room(first.room), first.seq), duplicate: true };
    const kept = typeof given.to === 'string' ? this.#direct(by, given.to) : this.room(given.room ?? '1');
    if (!kept.members.has(by)) throw new RequestError('forbidden', 'Only members can post.');
    const { reply_to, cid } = given;
    const files = (given.files ?? []).flatMap((id) => this.uploads.get(id) ?? []);
    const message = this.#post(kept, by, given.body, { cid, files, ...(reply_to && { reply_to }) });
    this.#byCid.set(by + given.cid, message);
    return { message, duplicate: false };
  }

  #post(kept: FakeRoom, by: Id, body: string, more: Partial<Message> = {}): Message {
    const about = { id: String(this.ids++), author: short(this.known(by)), created_at: this.clock() };
    const message = written(kept, about, body, more);
    kept.messages.push(message);
    kept.read.set(by, message.seq);
    const to = (user: Id) => ({ room: kept.room.id, rev: message.rev, message: seenBy(user, message) });
    this.tellLookers(kept, (user) => ({ name: 'message:new', payload: to(user) }));
    this.#countAnswer(message, 1);
    return message;
  }

  /** What began the thread of an answer counts it. */
  #countAnswer({ room, thread }: Message, by: number): void {
    if (thread === undefined) return;
    const { replies = 0 } = this.#at(room, thread);
    this.change(room, thread, { replies: replies + by || undefined });
  }

  #direct(by: Id, to: Id): FakeRoom {
    this.known(to);
    const members = new Set([by, to]);
    for (const kept of this.rooms.values()) {
      const same = kept.members.size === members.size && kept.members.has(by) && kept.members.has(to);
      if (kept.room.kind === 'dm' && same) return kept;
    }
    const room: Room = { id: String(this.ids++), kind: 'dm', members_count: members.size, post_policy: 'members' };
    const kept = this.keep(room, [...members]);
    this.tellEach(kept, (user) => ({ name: 'room:new', payload: { ...this.head(kept, user), rev: kept.rev } }));
    return kept;
  }

  #create(by: Id, given: Requests['room:create']['in']): { room: Room } {
    if ([...this.rooms.values()].some((kept) => kept.room.name === given.name)) {
      throw new RequestError('conflict', 'A room with this name exists.', { field: 'name' });
    }
    const kept = this.addRoom(given.name, given.private ? 'private' : 'public', by, ...(given.members ?? []));
    kept.roles.set(by, 'owner');
    this.tellEach(kept, (user) => ({ name: 'room:new', payload: { ...this.head(kept, user), rev: kept.rev } }));
    return { room: kept.room };
  }

  #join(who: Id, id: Id, invitedBy?: Id): { room: Room } {
    const kept = this.room(id);
    const user = short(this.known(who));
    this.#setMembers(kept, (members) => members.add(who));
    const { rev } = kept;
    const by = invitedBy === undefined ? {} : { by: short(this.known(invitedBy)) };
    this.tellEach(kept, (member) =>
      member === who
        ? { name: 'room:new', payload: { ...this.head(kept, who), rev, ...by } }
        : { name: 'member:changed', payload: { room: id, rev, user, role: 'member', joined: true } },
    );
    return { room: kept.room };
  }

  #leave(who: Id, id: Id, reason: 'left' | 'kicked' = 'left'): { room: Room } {
    const kept = this.room(id);
    const user = short(this.known(who));
    this.#setMembers(kept, (members) => members.delete(who));
    this.tell(id, { name: 'member:changed', payload: { room: id, rev: kept.rev, user, left: true } });
    this.to(who, { name: 'room:removed', payload: { room: id, reason } });
    return { room: kept.room };
  }

  #appoint({ room: id, user, role }: Requests['room:role']['in']): { room: Room } {
    const kept = this.room(id);
    this.#setMembers(kept, () => kept.roles.set(user, role));
    this.tell(id, {
      name: 'member:changed',
      payload: { room: id, rev: kept.rev, user: short(this.known(user)), role },
    });
    return { room: kept.room };
  }

  #members(kept: FakeRoom): Member[] {
    return [...kept.members].map((id) => ({ user: short(this.known(id)), role: kept.roles.get(id) ?? 'member' }));
  }

  #setMembers(kept: FakeRoom, change: (members: Set<Id>) => void): void {
    change(kept.members);
    kept.room = { ...kept.room, members_count: kept.members.size };
    kept.roomRev = ++kept.rev;
  }

  #readSet(by: Id, given: Requests['read:set']['in']): Requests['read:set']['out'] {
    const kept = this.readable(by, given.room);
    return { read_seq: readTo(kept, by, given.seq, given.unread), unread: this.head(kept, by).unread };
  }
}
