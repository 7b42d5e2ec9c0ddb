import type { Id } from '../wire';
import type { Lens } from './lens';
import type { People } from './people.svelte';

/** Who gets what is written in a conversation, to `person` alone where one is given; undefined while it is not known. */
export function readersOf(conversation: Lens, people: People, person?: Id): ReadonlySet<Id> | undefined {
  if (person !== undefined) return new Set([person]);
  const { kind, room, members } = conversation;
  if (kind === 'everyone') return new Set(people.all.map((user) => user.id));
  if (kind === 'direct') return new Set([conversation.person?.id ?? '', ...(room?.peers ?? []).map((peer) => peer.id)]);
  return members.length > 0 ? new Set(members.map((member) => member.user.id)) : undefined;
}
