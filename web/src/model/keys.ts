import type { Head, Id, Room, ShortUser } from '../wire';
import type { Words } from './words';

export type ConversationKind = 'everyone' | 'public' | 'private' | 'direct';

/** The key of the conversation that a room is shown as: the room's id, or `@` and the other person's of a 1:1. */
export function keyOf(head: Head, me: Id): string {
  const peer = directPeer(head, me);
  return peer === undefined ? head.room.id : `@${peer}`;
}

/** The other person of a 1:1 conversation, oneself for notes, undefined for every other room. */
export function directPeer(head: Head, me: Id): Id | undefined {
  if (head.room.kind !== 'dm') return undefined;
  const peers = head.room.peers ?? [];
  if (peers.length === 0) return me;
  return peers.length === 1 ? peers[0]?.id : undefined;
}

/** What a room is called: "Everyone", its name, or the people of a direct one. */
export function titleOf(room: Room | undefined, words: Words, nameOf: (peer: ShortUser) => string): string {
  if (!room) return '';
  if (room.kind === 'everyone') return words.everyone;
  if (room.kind !== 'dm') return room.name ?? '';
  const peers = room.peers ?? [];
  return peers.length === 0 ? words.notes : peers.map(nameOf).join(', ');
}

/** Only what is addressed to me makes itself noticed. */
export function isMuted(head: Head, now: number): boolean {
  const { level, muted_until: until } = head.notify;
  return level === 'none' || (until !== undefined && Date.parse(until) > now);
}
