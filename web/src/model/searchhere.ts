import { wordsOf } from '../lib/marks';
import { excerpt, folded } from '../lib/text';
import type { Hit, Message } from '../wire';
import type { Rooms } from './rooms.svelte';
import type { SearchQuery } from './searchpages.svelte';

const SNIPPET = 160;
const HITS_MOST = 100;

/** Searches what this device has kept of the rooms, newest first: what can be found without a connection. */
export async function searchHere(rooms: Rooms, query: SearchQuery): Promise<Hit[]> {
  const words = wordsOf(query.q ?? '').map(folded);
  const hits: Hit[] = [];
  for (const room of rooms.all) {
    if (query.room !== undefined && room.id !== query.room) continue;
    const messages = room.window?.messages() ?? (await rooms.cached(room.id))?.messages ?? [];
    for (const message of messages) {
      if (answers(message, query, words)) hits.push({ message, snippet: excerpt(message.body, SNIPPET) });
    }
  }
  return hits.toSorted((a, b) => at(b) - at(a)).slice(0, HITS_MOST);
}

function answers(message: Message, { author, has, before }: SearchQuery, words: readonly string[]): boolean {
  if (message.deleted_at || (author !== undefined && message.author.id !== author)) return false;
  if (has === 'file' && message.files.length === 0) return false;
  if (before !== undefined && Date.parse(message.created_at) >= Date.parse(before)) return false;
  const body = folded(message.body);
  return words.every((word) => body.includes(word));
}

function at({ message }: Hit): number {
  return Date.parse(message.created_at);
}
