/** The shapes and events of the wire contract, printed by internal/wire (go generate); do not edit. */

export const PROTO = 1;

/** A decimal string. */
export type Id = string;
/** RFC 3339, UTC, milliseconds. */
export type Time = string;
export type RoomKind = 'everyone' | 'public' | 'private' | 'dm';
export type RoomRole = 'owner' | 'moderator' | 'member';
export type PostPolicy = 'members' | 'moderators';
export type Registration = 'open' | 'invite' | 'closed';
export type Level = 'all' | 'mentions' | 'none';
export type PresenceState = 'online' | 'away' | 'dnd' | 'offline';

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
  message: string;
  field?: string;
  retry_ms?: number;
}

export interface ShortUser {
  id: Id;
  name: string;
  display_name: string;
}

export interface User {
  id: Id;
  name: string;
  display_name: string;
  avatar?: string;
  bio?: string;
  role: 'owner' | 'admin' | 'member' | 'bot';
  disabled?: boolean;
  blocked?: boolean;
}

export interface Me extends User {
  prefs?: Record<string, unknown>;
}

export interface Room {
  id: Id;
  kind: RoomKind;
  name?: string;
  topic?: string;
  members_count: number;
  post_policy: PostPolicy;
  retention_days?: number;
  archived_at?: Time;
  peers?: ShortUser[];
}

export interface ListedRoom extends Room {
  joined: boolean;
}

export interface NotifyLevel {
  level: Level;
  muted_until?: Time;
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
  seq: number;
  rev: number;
  author: ShortUser;
  kind: 'text' | 'system';
  body: string;
  cid?: string;
  reply_to?: number;
  thread?: number;
  replies?: number;
  files: File[];
  reactions: Reaction[];
  mentions: string[];
  pinned_at?: Time;
  created_at: Time;
  edited_at?: Time;
  deleted_at?: Time;
}

export interface Edit {
  body: string;
  at: Time;
}

export interface Receipt {
  user: Id;
  delivered: number;
  seen: number;
  seen_at?: Time;
}

export interface Head {
  room: Room;
  last_seq: number;
  last_rev: number;
  read_seq: number;
  unread: number;
  mentions: number;
  notify: NotifyLevel;
  role: RoomRole;
  last_message?: Message;
  receipts?: Receipt[];
}

export interface Draft {
  room: Id;
  body: string;
}

export interface Presence {
  user: Id;
  state: PresenceState;
  last_seen?: Time;
  hidden?: boolean;
}

export interface Member {
  user: ShortUser;
  role: RoomRole;
}

export interface Hit {
  message: Message;
  snippet: string;
}

export interface Device {
  id: Id;
  client: string;
  created_at: Time;
  seen_at: Time;
  current: boolean;
}

export interface HistoryPage {
  messages: Message[];
  first: number;
  last: number;
}

export interface ThreadPage {
  root: Message;
  messages: Message[];
  more: boolean;
}

export interface Changes {
  messages: Message[];
  to_rev: number;
  more: boolean;
  room?: Room;
  members_changed?: boolean;
  reset?: boolean;
}

export interface Route {
  at?: Time;
  reached: number;
  of: number;
  away: number;
  back: number;
  back_at?: Time;
  hidden?: boolean;
}

export interface Limits {
  body: number;
  files: number;
  file_bytes: number;
  history: number;
  changes: number;
}

export interface ServerSettings {
  name: string;
  registration: Registration;
  fixed: ('name' | 'registration')[];
}

export interface Server extends ServerSettings {
  new?: boolean;
  version: string;
  proto: number;
  epoch: string;
  limits: Limits;
}

export interface Invite {
  id: Id;
  room?: Id;
  uses: number;
  max_uses: number;
  created_at: Time;
  expires_at: Time;
}

export interface Trace {
  id: number;
  t: Time;
  event: string;
  dir: 'in' | 'out';
  scope: 'self' | 'one' | 'room' | 'room_but_me' | 'all_but_me' | 'all';
  room?: Id;
  from?: string;
  to: string[];
  reached: number;
  of: number;
  bytes: number;
  ms: number;
  ack?: boolean;
  more?: number;
}

export type Answer<T> = ({ ok: true } & T) | { ok: false; error: WireError };

/** Client events with an ack: what is sent, and what the ack adds to `ok`. */
export interface Requests {
  'auth:login': {
    in: { name: string; password: string; otp?: string; invite?: string; ask_new?: boolean; token?: boolean };
    out: { user: User; token?: string; created: boolean };
  };
  'auth:logout': {
    in: Record<string, never>;
    out: object;
  };
  sync: {
    in: Record<string, never>;
    out: { me: Me; rooms: Head[]; drafts: Draft[] };
  };
  'message:send': {
    in: { room?: string; to?: string | string[]; cid: string; body: string; reply_to?: number; files?: Id[] };
    out: { message: Message; duplicate: boolean };
  };
  'message:edit': {
    in: { room: string; seq: number; body: string; rev?: number };
    out: { message: Message };
  };
  'message:delete': {
    in: { room: string; seq: number; rev?: number };
    out: { message: Message };
  };
  'message:seen': {
    in: { room: string; seq: number };
    out: { users: ShortUser[]; count: number };
  };
  'message:route': {
    in: { room: string; seq: number };
    out: Route;
  };
  'reaction:set': {
    in: { room: string; seq: number; emoji: string; on: boolean };
    out: { message: Message };
  };
  'pin:set': {
    in: { room: string; seq: number; on: boolean };
    out: { message: Message };
  };
  'pin:list': {
    in: { room: string; cursor?: string };
    out: { messages: Message[]; cursor?: string };
  };
  'message:thread': {
    in: { room: string; seq: number; before?: number; after?: number; limit?: number };
    out: ThreadPage;
  };
  'message:edits': {
    in: { room: string; seq: number };
    out: { edits: Edit[] };
  };
  'room:history': {
    in: { room: string; before?: number; after?: number; around?: number; limit?: number };
    out: HistoryPage;
  };
  'room:changes': {
    in: { room: string; since: number; limit?: number };
    out: Changes;
  };
  'room:focus': {
    in: { room: string; since?: number };
    out: { to_rev: number } & Partial<Changes>;
  };
  'room:blur': {
    in: { room: string };
    out: object;
  };
  'room:list': {
    in: { query?: string; cursor?: string };
    out: { rooms: ListedRoom[]; cursor?: string };
  };
  'room:create': {
    in: { name: string; private?: boolean; topic?: string; members?: string[] };
    out: { room: Room };
  };
  'room:join': {
    in: { room: string };
    out: { room: Room };
  };
  'room:leave': {
    in: { room: string };
    out: { room: Room };
  };
  'room:invite': {
    in: { room: string; users: string[] };
    out: { room: Room };
  };
  'room:kick': {
    in: { room: string; user: string };
    out: { room: Room };
  };
  'room:role': {
    in: { room: string; user: string; role: RoomRole };
    out: { room: Room };
  };
  'room:update': {
    in: {
      room: string;
      name?: string;
      topic?: string;
      post_policy?: PostPolicy;
      retention_days?: number;
      archived?: boolean;
    };
    out: { room: Room };
  };
  'room:members': {
    in: { room: string; cursor?: string };
    out: { members: Member[]; cursor?: string };
  };
  'room:notify': {
    in: { room: string; level: Level; muted_until?: Time };
    out: object;
  };
  'read:set': {
    in: { room: string; seq: number; unread?: boolean };
    out: { read_seq: number; unread: number };
  };
  'presence:set': {
    in: { state: Exclude<PresenceState, 'offline'> };
    out: object;
  };
  'presence:watch': {
    in: { users: string[] };
    out: { states: Presence[] };
  };
  'user:list': {
    in: { query?: string; cursor?: string };
    out: { users: User[]; cursor?: string };
  };
  'user:get': {
    in: { user: string };
    out: { user: User };
  };
  'user:update': {
    in: { display_name?: string; avatar?: string; bio?: string; prefs?: Record<string, unknown> };
    out: { user: Me };
  };
  search: {
    in: {
      q?: string;
      room?: string;
      author?: string;
      has?: 'file' | 'link';
      before?: Time;
      after?: Time;
      cursor?: string;
    };
    out: { hits: Hit[]; cursor?: string };
  };
  'draft:set': {
    in: { room: string; body: string };
    out: object;
  };
  'block:set': {
    in: { user: string; on: boolean };
    out: object;
  };
  'session:list': {
    in: Record<string, never>;
    out: { sessions: Device[] };
  };
  'session:revoke': {
    in: { session?: string; others?: boolean };
    out: object;
  };
  'server:update': {
    in: { name?: string; registration?: Registration; set_up?: boolean };
    out: { server: ServerSettings };
  };
  'invite:create': {
    in: { room?: string; uses?: number; expires_in?: number };
    out: { invite: Invite; code: string; url: string };
  };
  'invite:list': {
    in: Record<string, never>;
    out: { invites: Invite[] };
  };
  'invite:revoke': {
    in: { invite?: string; all?: boolean };
    out: object;
  };
  'wire:on': {
    in: Record<string, never>;
    out: object;
  };
  'wire:off': {
    in: Record<string, never>;
    out: object;
  };
  'wire:wave': {
    in: { scope: 'self' | 'room' | 'room_but_me' | 'all_but_me' | 'all'; room?: string };
    out: object;
  };
}

/** Client events that may be lost and are not answered. Neither `room` nor `to` means Everyone. */
export interface Casts {
  typing: { room?: string; to?: string | string[] };
}

/** Server events. */
export interface Events {
  ready: { me: Me; server: Server; rooms: Head[]; drafts: Draft[] };
  'message:new': { room: Id; rev: number; message: Message };
  'message:changed': { room: Id; rev: number; message: Message };
  'room:new': Head & { rev: number; by?: ShortUser };
  'room:changed': { rev: number; room: Room };
  'room:head': Head;
  'room:removed': { room: Id; reason: 'left' | 'kicked' | 'archived' };
  'member:changed': { room: Id; rev: number; user: ShortUser; role?: RoomRole; joined?: boolean; left?: boolean };
  'read:changed': { room: Id; user: Id; seq: number };
  delivered: { room: Id; user: Id; seq: number };
  typing: { room: Id; user: ShortUser; ttl_ms: number };
  presence: Presence[];
  'user:changed': { user: Me };
  'draft:changed': Draft;
  'session:revoked': { reason: 'revoked' | 'logout' | 'password' | 'disabled' };
  'server:changed': ServerSettings;
  'server:draining': { retry_ms: number };
  'wire:trace': Trace;
  'wire:wave': { user: ShortUser };
}

/** What routes below `/api/v1/` that are no event's add to `ok`. */
export interface Routes {
  files: { file: File };
  server: { server: ServerSettings };
  me: { me: Me };
}
