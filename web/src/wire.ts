/**
 * The shapes, event names and codes of the wire contract, protocol 1. Ids are decimal strings; times are RFC 3339 UTC
 * with milliseconds.
 */

export const PROTO = 1;

export type Id = string;
export type Time = string;

export type ErrorCode =
  | 'bad_credentials'
  | 'new_name'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'invalid'
  | 'conflict'
  | 'too_large'
  | 'rate_limited'
  | 'blocked'
  | 'unavailable'
  | 'internal';

export interface WireError {
  code: ErrorCode;
  /** A sentence for people. */
  message: string;
  /** The part of the request that was wrong. */
  field?: string;
  /** Milliseconds to wait before trying again. */
  retry_ms?: number;
}

export type Answer<T> = ({ ok: true } & T) | { ok: false; error: WireError };

export interface ShortUser {
  id: Id;
  name: string;
  display_name: string;
}

export interface User extends ShortUser {
  avatar?: string;
  bio?: string;
  role: 'owner' | 'admin' | 'member' | 'bot';
  disabled?: boolean;
  blocked?: boolean;
}

export type RoomKind = 'everyone' | 'public' | 'private' | 'dm';
export type RoomRole = 'owner' | 'moderator' | 'member';

export interface Room {
  id: Id;
  kind: RoomKind;
  name?: string;
  topic?: string;
  members_count: number;
  post_policy?: 'members' | 'moderators';
  archived_at?: Time;
  /** The other members of a dm; empty in notes to oneself. */
  peers?: ShortUser[];
}

export interface ListedRoom extends Room {
  joined: boolean;
}

export interface NotifyLevel {
  level: 'all' | 'mentions' | 'none';
  muted_until?: Time;
}

export interface Head {
  room: Room;
  last_seq: number;
  last_rev: number;
  read_seq: number;
  /** Counted up to 100. */
  unread: number;
  /** Counted up to 100. */
  mentions: number;
  notify: NotifyLevel;
  role: RoomRole;
  last_message?: Message;
}

export interface File {
  id: Id;
  name: string;
  mime: string;
  bytes: number;
  width?: number;
  height?: number;
  alt?: string;
  url: string;
}

export interface Reaction {
  emoji: string;
  users: Id[];
}

export interface Message {
  id: Id;
  room: Id;
  /** Its place in the room, from 1, never changed. */
  seq: number;
  /** The room's revision at its latest change. */
  rev: number;
  author: ShortUser;
  kind: 'text' | 'system';
  body: string;
  /** The id that the author's client chose; only the author's sockets see it. */
  cid?: string;
  reply_to?: number;
  files?: File[];
  reactions?: Reaction[];
  mentions?: string[];
  pinned_at?: Time;
  created_at: Time;
  edited_at?: Time;
  deleted_at?: Time;
}

export type PresenceState = 'online' | 'away' | 'dnd' | 'offline';

export interface Presence {
  user: Id;
  state: PresenceState;
  last_seen?: Time;
}

export interface Member {
  user: ShortUser;
  role: RoomRole;
}

export interface HistoryPage {
  messages: Message[];
  /** Lowest readable and highest seq of the room; 0 when it is empty. */
  first: number;
  last: number;
}

export interface Changes {
  messages: Message[];
  to_rev: number;
  more?: boolean;
  room?: Room;
  members_changed?: boolean;
  /** True: `messages` is the latest page, and replaces what the client had. */
  reset?: boolean;
}

/** Client events with an ack: what is sent, and what the ack adds to `ok`. */
export interface Requests {
  sync: { in: Record<string, never>; out: { me: User; rooms: Head[] } };
  'message:send': {
    in: { room?: Id; to?: Id | Id[]; cid: string; body: string; reply_to?: number; files?: Id[] };
    out: { message: Message; duplicate: boolean };
  };
  'room:history': {
    in: { room: Id; before?: number; after?: number; around?: number; limit?: number };
    out: HistoryPage;
  };
  'room:changes': { in: { room: Id; since: number; limit?: number }; out: Changes };
  'room:list': { in: { query?: string; cursor?: string }; out: { rooms: ListedRoom[]; cursor?: string } };
  'room:create': { in: { name: string; private?: boolean; topic?: string; members?: Id[] }; out: { room: Room } };
  'room:join': { in: { room: Id }; out: { room: Room } };
  'room:leave': { in: { room: Id }; out: { room: Room } };
  'room:invite': { in: { room: Id; users: Id[] }; out: { room: Room } };
  'room:members': { in: { room: Id; cursor?: string }; out: { members: Member[]; cursor?: string } };
  'read:set': { in: { room: Id; seq: number; unread?: boolean }; out: { read_seq: number; unread: number } };
  'presence:set': { in: { state: Exclude<PresenceState, 'offline'> }; out: object };
  'presence:watch': { in: { users: Id[] }; out: { states: Presence[] } };
  'user:list': { in: { query?: string; cursor?: string }; out: { users: User[]; cursor?: string } };
}

/** Client events that may be lost and are not answered. Neither `room` nor `to` means Everyone. */
export interface Casts {
  typing: { room?: Id; to?: Id };
}

export interface Limits {
  body: number;
  files: number;
  file_bytes: number;
  history: number;
  changes: number;
}

export interface Server {
  name: string;
  version: string;
  proto: number;
  epoch: string;
  limits: Limits;
}

/** Server events. */
export interface Events {
  ready: { me: User; server: Server; rooms: Head[] };
  'message:new': { room: Id; rev: number; message: Message };
  'message:changed': { room: Id; rev: number; message: Message };
  'room:new': Head & { rev: number };
  'room:changed': { rev: number; room: Room };
  'member:changed': { room: Id; rev: number; user: ShortUser; role?: RoomRole; left?: boolean };
  'room:head': Head;
  'room:removed': { room: Id; reason: 'left' | 'kicked' | 'archived' };
  'read:changed': { room: Id; user: Id; seq: number };
  typing: { room: Id; user: ShortUser; ttl_ms: number };
  presence: Presence[];
  'user:changed': { user: User };
  'session:revoked': { reason: 'revoked' | 'logout' | 'password' | 'disabled' };
  'server:draining': { retry_ms: number };
}
