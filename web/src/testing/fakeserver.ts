import { RequestError } from '../net/requesterror';
import { CHANGES_MOST, changes, headOf, history, short, type FakeRoom } from './fakeroom';
import type { Events, Head, Id, Message, Requests, Room, User } from '../wire';
import type { ServerEvent } from '../net/link';

/** Where a connection takes its events. */
export interface Listener {
  user: Id;
  /** The rooms it looks at; of others than direct ones it hears heads only. */
  focused: Set<Id>;
  hear(event: ServerEvent): void;
}

/** A server that keeps the part of the contract that the model rests on, in memory and at once. */
export class FakeServer {
  epoch = 'e1';
  /** Answers every send with this, while set. */
  refusal: RequestError | undefined;
  /** The sends that came in, also those answered from the first one. */
  sends: { cid: string; body: string }[] = [];
  readonly users = new Map<Id, User>();
  readonly rooms = new Map<Id, FakeRoom>();
  readonly listeners = new Set<Listener>();

  #ids = 100;
  #time = Date.parse('2026-11-22T08:00:00.000Z');
  readonly #byCid = new Map<string, Message>();

  constructor(...names: string[]) {
    const room: Room = { id: '1', kind: 'everyone', members_count: 0, post_policy: 'members' };
    this.#addRoom(room, []);
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
    this.#tell('1', { name: 'member:changed', payload: { room: '1', rev: everyone.rev, user, role: 'member' } });
    return user;
  }

  user(name: string): User {
    const user = [...this.users.values()].find((other) => other.name === name);
    if (!user) throw new Error(`no user ${name}`);
    return user;
  }

  room(id: Id): FakeRoom {
    const room = this.rooms.get(id);
    if (!room) throw new RequestError('not_found', 'This room does not exist or is private.');
    return room;
  }

  addRoom(name: string, kind: 'public' | 'private', ...members: Id[]): FakeRoom {
    const id = String(this.#ids++);
    return this.#addRoom({ id, kind, name, members_count: members.length, post_policy: 'members' }, members);
  }

  post(author: Id, room: Id, body: string): Message {
    return this.#post(this.room(room), author, body, undefined);
  }

  change(room: Id, seq: number, change: Partial<Message>): Message {
    const kept = this.room(room);
    const message = { ...this.#message(kept, seq), ...change, rev: ++kept.rev };
    kept.messages[seq - 1] = message;
    this.#tellLookers(kept, () => ({ name: 'message:changed', payload: { room, rev: message.rev, message } }));
    return message;
  }

  remove(room: Id, seq: number): void {
    this.change(room, seq, { body: '', mentions: [], deleted_at: this.#clock() });
  }

  rename(room: Id, name: string): void {
    const kept = this.room(room);
    kept.room = { ...kept.room, name };
    kept.roomRev = ++kept.rev;
    this.#tell(room, { name: 'room:changed', payload: { rev: kept.rev, room: kept.room } });
  }

  ready(user: Id): Events['ready'] {
    const limits = { body: 8000, files: 10, file_bytes: 1e8, history: 200, changes: CHANGES_MOST };
    const server = { name: 'Acme chat', version: '0', proto: 1, epoch: this.epoch, limits };
    return { me: this.#user(user), server, rooms: this.heads(user), drafts: [] };
  }

  heads(user: Id): Head[] {
    return [...this.rooms.values()].filter((kept) => kept.members.has(user)).map((kept) => this.#head(kept, user));
  }

  // Requests

  answer<E extends keyof Requests>(
    user: Id,
    event: E,
    payload: Requests[E]['in'],
    focused = new Set<Id>(),
  ): Requests[E]['out'] {
    const handlers: { [K in keyof Requests]?: (by: Id, given: Requests[K]['in']) => Requests[K]['out'] } = {
      sync: (by) => ({ me: this.#user(by), rooms: this.heads(by), drafts: [] }),
      'message:send': (by, given) => this.#send(by, given),
      'room:history': (by, given) => history(this.#readable(by, given.room), by, given),
      'room:changes': (by, given) => changes(this.#readable(by, given.room), by, given),
      'room:focus': (by, given) => {
        focused.add(given.room);
        return changes(this.#readable(by, given.room), by, { since: 0, ...given });
      },
      'room:blur': (_by, given) => ({ ok: focused.delete(given.room) }),
      'room:list': () => ({ rooms: this.#listed(user) }),
      'room:create': (by, given) => this.#create(by, given),
      'room:join': (by, given) => this.#join(by, given.room),
      'room:leave': (by, given) => this.#leave(by, given.room),
      'room:invite': (_by, given) => {
        for (const invited of given.users) this.#join(invited, given.room);
        return { room: this.room(given.room).room };
      },
      'room:members': (_by, given) => ({
        members: [...this.room(given.room).members].map((id) => ({ user: short(this.#user(id)), role: 'member' })),
      }),
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
    const handler = handlers[event];
    if (!handler) throw new RequestError('not_found', `There is no ${event} here.`);
    return handler(user, payload);
  }

  // Internal

  #send(by: Id, given: Requests['message:send']['in']): Requests['message:send']['out'] {
    this.sends.push({ cid: given.cid, body: given.body });
    if (this.refusal) throw this.refusal;
    const first = this.#byCid.get(by + given.cid);
    if (first) return { message: this.#message(this.room(first.room), first.seq), duplicate: true };
    const kept = typeof given.to === 'string' ? this.#direct(by, given.to) : this.room(given.room ?? '1');
    if (!kept.members.has(by)) throw new RequestError('forbidden', 'Only members can post.');
    const message = this.#post(kept, by, given.body, given.cid);
    this.#byCid.set(by + given.cid, message);
    return { message, duplicate: false };
  }

  #post(kept: FakeRoom, by: Id, body: string, cid: string | undefined): Message {
    const message: Message = {
      id: String(this.#ids++),
      room: kept.room.id,
      seq: kept.messages.length + 1,
      rev: ++kept.rev,
      author: short(this.#user(by)),
      kind: 'text',
      body,
      ...(cid && { cid }),
      files: [],
      reactions: [],
      mentions: [...body.matchAll(/<@(\w+)>/g)].map((match) => match[1] ?? ''),
      created_at: this.#clock(),
    };
    kept.messages.push(message);
    kept.read.set(by, message.seq);
    const { cid: _, ...public_ } = message;
    const to = (user: Id) => ({ room: kept.room.id, rev: message.rev, message: user === by ? message : public_ });
    this.#tellLookers(kept, (user) => ({ name: 'message:new', payload: to(user) }));
    return message;
  }

  #direct(by: Id, to: Id): FakeRoom {
    this.#user(to);
    const members = new Set([by, to]);
    for (const kept of this.rooms.values()) {
      const same = kept.members.size === members.size && kept.members.has(by) && kept.members.has(to);
      if (kept.room.kind === 'dm' && same) return kept;
    }
    const room: Room = { id: String(this.#ids++), kind: 'dm', members_count: members.size, post_policy: 'members' };
    const kept = this.#addRoom(room, [...members]);
    this.#tellEach(kept, (user) => ({ name: 'room:new', payload: { ...this.#head(kept, user), rev: kept.rev } }));
    return kept;
  }

  #create(by: Id, given: Requests['room:create']['in']): { room: Room } {
    if ([...this.rooms.values()].some((kept) => kept.room.name === given.name)) {
      throw new RequestError('conflict', 'A room with this name exists.', { field: 'name' });
    }
    const kept = this.addRoom(given.name, given.private ? 'private' : 'public', by, ...(given.members ?? []));
    this.#tellEach(kept, (user) => ({ name: 'room:new', payload: { ...this.#head(kept, user), rev: kept.rev } }));
    return { room: kept.room };
  }

  #join(by: Id, id: Id): { room: Room } {
    const kept = this.room(id);
    const user = short(this.#user(by));
    this.#setMembers(kept, (members) => members.add(by));
    const { rev } = kept;
    this.#tellEach(kept, (member) =>
      member === by
        ? { name: 'room:new', payload: { ...this.#head(kept, by), rev } }
        : { name: 'member:changed', payload: { room: id, rev, user, role: 'member' } },
    );
    return { room: kept.room };
  }

  #leave(by: Id, id: Id): { room: Room } {
    const kept = this.room(id);
    const user = short(this.#user(by));
    this.#setMembers(kept, (members) => members.delete(by));
    this.#tell(id, { name: 'member:changed', payload: { room: id, rev: kept.rev, user, left: true } });
    this.#to(by, { name: 'room:removed', payload: { room: id, reason: 'left' } });
    return { room: kept.room };
  }

  #setMembers(kept: FakeRoom, change: (members: Set<Id>) => void): void {
    change(kept.members);
    kept.room = { ...kept.room, members_count: kept.members.size };
    kept.roomRev = ++kept.rev;
  }

  #readSet(by: Id, given: Requests['read:set']['in']): Requests['read:set']['out'] {
    const kept = this.#readable(by, given.room);
    const seq = Math.max(kept.read.get(by) ?? 0, Math.min(given.seq, kept.messages.length));
    kept.read.set(by, seq);
    return { read_seq: seq, unread: this.#head(kept, by).unread };
  }

  #listed(user: Id) {
    const open = [...this.rooms.values()].filter((kept) => kept.room.kind === 'public');
    return open.map((kept) => ({ ...kept.room, joined: kept.members.has(user) }));
  }

  #head(kept: FakeRoom, user: Id): Head {
    const peers = [...kept.members].filter((id) => id !== user).map((id) => short(this.#user(id)));
    return headOf(kept, user, peers);
  }

  #addRoom(room: Room, members: Id[]): FakeRoom {
    const kept = { room, members: new Set(members), messages: [], rev: 1, roomRev: 1, read: new Map() };
    this.rooms.set(room.id, kept);
    return kept;
  }

  #readable(by: Id, id: Id): FakeRoom {
    const kept = this.room(id);
    if (kept.members.has(by) || kept.room.kind === 'public') return kept;
    throw new RequestError('not_found', 'This room does not exist or is private.');
  }

  #message(kept: FakeRoom, seq: number): Message {
    const message = kept.messages[seq - 1];
    if (!message) throw new RequestError('not_found', 'There is no such message.');
    return message;
  }

  #user(id: Id): User {
    const user = this.users.get(id);
    if (!user) throw new RequestError('not_found', 'There is nobody with this name.');
    return user;
  }

  #tell(room: Id, event: ServerEvent): void {
    this.#tellEach(this.room(room), () => event);
  }

  #tellEach(kept: FakeRoom, event: (user: Id) => ServerEvent): void {
    for (const user of kept.members) this.#to(user, event(user));
  }

  /** All of it to who looks, else the head. */
  #tellLookers(kept: FakeRoom, event: (user: Id) => ServerEvent): void {
    const { id, kind } = kept.room;
    for (const listener of this.listeners) {
      if (!kept.members.has(listener.user)) continue;
      const looks = kind === 'dm' || listener.focused.has(id);
      listener.hear(looks ? event(listener.user) : { name: 'room:head', payload: this.#head(kept, listener.user) });
    }
  }

  #to(user: Id, event: ServerEvent): void {
    for (const listener of this.listeners) if (listener.user === user) listener.hear(event);
  }

  #clock(): string {
    this.#time += 1000;
    return new Date(this.#time).toISOString();
  }
}

function capital(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}
