import { RequestError } from '../net/requesterror';
import { headOf, short, type FakeRoom } from './fakeroom';
import type { Head, Id, Message, Room, User } from '../wire';
import type { ServerEvent } from '../net/link';

/** Where a connection takes its events. */
export interface Listener {
  user: Id;
  /** The rooms it looks at; of others than direct ones it hears heads only. */
  focused: Set<Id>;
  hear(event: ServerEvent): void;
}

/** What a fake server holds, and to whom it tells things. */
export class FakeHall {
  readonly users = new Map<Id, User>();
  readonly rooms = new Map<Id, FakeRoom>();
  readonly listeners = new Set<Listener>();

  protected ids = 100;
  #time = Date.parse('2026-11-22T08:00:00.000Z');

  room(id: Id): FakeRoom {
    const room = this.rooms.get(id);
    if (!room) throw new RequestError('not_found', 'This room does not exist or is private.');
    return room;
  }

  // For the server

  protected keep(room: Room, members: Id[]): FakeRoom {
    const kept = {
      room,
      members: new Set(members),
      messages: [],
      rev: 1,
      roomRev: 1,
      read: new Map(),
      roles: new Map(),
    };
    this.rooms.set(room.id, kept);
    return kept;
  }

  protected readable(by: Id, id: Id): FakeRoom {
    const kept = this.room(id);
    if (kept.members.has(by) || kept.room.kind === 'public') return kept;
    throw new RequestError('not_found', 'This room does not exist or is private.');
  }

  protected messageAt(kept: FakeRoom, seq: number): Message {
    const message = kept.messages[seq - 1];
    if (!message) throw new RequestError('not_found', 'There is no such message.');
    return message;
  }

  protected known(id: Id): User {
    const user = this.users.get(id);
    if (!user) throw new RequestError('not_found', 'There is nobody with this name.');
    return user;
  }

  protected head(kept: FakeRoom, user: Id): Head {
    const peers = [...kept.members].filter((id) => id !== user).map((id) => short(this.known(id)));
    return headOf(kept, user, peers);
  }

  protected tell(room: Id, event: ServerEvent): void {
    this.tellEach(this.room(room), () => event);
  }

  protected tellEach(kept: FakeRoom, event: (user: Id) => ServerEvent): void {
    for (const user of kept.members) this.to(user, event(user));
  }

  /** All of it to who looks, else the head. */
  protected tellLookers(kept: FakeRoom, event: (user: Id) => ServerEvent): void {
    const { id, kind } = kept.room;
    for (const listener of this.listeners) {
      if (!kept.members.has(listener.user)) continue;
      const looks = kind === 'dm' || listener.focused.has(id);
      listener.hear(looks ? event(listener.user) : { name: 'room:head', payload: this.head(kept, listener.user) });
    }
  }

  protected to(user: Id, event: ServerEvent): void {
    for (const listener of this.listeners) if (listener.user === user) listener.hear(event);
  }

  protected clock(): string {
    this.#time += 1000;
    return new Date(this.#time).toISOString();
  }
}
