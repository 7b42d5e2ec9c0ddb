import type { Head, Id, Message, User } from '../wire';

/** What one account keeps on this device. */
export interface Tables {
  /** By room. */
  heads: Head;
  /** The latest messages of a room, by room, as of `rev`. */
  pages: PageRecord;
  /** By id. */
  people: User;
  /** By cid. */
  outbox: OutboxRecord;
  /** By conversation and audience. */
  drafts: DraftRecord;
  /** By name. */
  facts: string;
}

export const TABLES = ['heads', 'pages', 'people', 'outbox', 'drafts', 'facts'] as const;

export interface PageRecord {
  room: Id;
  rev: number;
  /** Lowest readable seq of the room. */
  lowest: number;
  messages: Message[];
}

/** A file that goes along with a message. */
export interface AttachmentRecord {
  name: string;
  /** What is to be seen in it. */
  alt: string;
  content: Blob;
  /** Once the server has it. */
  id?: Id;
}

export interface OutboxRecord {
  cid: string;
  /** Place among all messages written on this device. */
  order: number;
  /** The key of the conversation it belongs to. */
  lane: string;
  /** The key of the conversation in which it was written. */
  from: string;
  room?: Id;
  to?: Id;
  body: string;
  /** The seq of the message that it answers. */
  reply_to?: number;
  files?: AttachmentRecord[];
  /** Milliseconds since 1970. */
  writtenAt: number;
  /** When a person last said that it shall go; it is young for ten minutes. */
  freshAt: number;
  /** Why it was refused for good; absent while it waits. */
  refused?: string;
}

export interface DraftRecord {
  conversation: string;
  /** `room`, or the id of the person written to. */
  audience: string;
  text: string;
  /** The person to whom some of it was written in private. */
  privateTo?: Id;
  savedAt: number;
}
