import { folded } from '../lib/text';
import type { Id } from '../wire';
import { titleOf } from './keys';
import type { Services } from './services';

/** What a search is narrowed to, besides its words. */
export interface Filters {
  readonly author?: Id;
  readonly room?: Id;
  readonly hasFile?: boolean;
  /** A day, "2026-11-21": only what is older. */
  readonly before?: string;
}

const FILTER = /(^|\s)(from|in|has|before):(\S+)(?=\s)/i;

/** Takes the first complete filter (`from:ann `) out of what is typed; undefined when there is none that means something. */
export function takeFilter(typed: string, services: Services): { rest: string; filter: Filters } | undefined {
  const match = FILTER.exec(typed);
  if (!match) return undefined;
  const [whole, , kind = '', value = ''] = match;
  const filter = filterOf(kind.toLowerCase(), value, services);
  const rest = `${typed.slice(0, match.index)} ${typed.slice(match.index + whole.length)}`;
  return filter && { filter, rest: rest.replace(/\s+/g, ' ').trimStart() };
}

function filterOf(kind: string, value: string, services: Services): Filters | undefined {
  if (kind === 'has') return value.toLowerCase() === 'file' ? { hasFile: true } : undefined;
  if (kind === 'before') return isDay(value) ? { before: value } : undefined;
  const name = value.replace(/^[@#]/, '');
  const found = kind === 'from' ? authorOf(name, services) : roomOf(name, services);
  if (found === undefined) return undefined;
  return kind === 'from' ? { author: found } : { room: found };
}

function isDay(value: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));
}

function authorOf(name: string, { people, me }: Services): Id | undefined {
  if (name.toLowerCase() === 'me') return me.id;
  return (people.byName(name) ?? people.search(name)[0])?.id;
}

/** The room whose name begins so; spaces cannot be typed in a filter, so they do not count. */
function roomOf(name: string, { rooms, people, words }: Services): Id | undefined {
  const wanted = folded(name);
  for (const { head } of rooms.all) {
    const title = titleOf(head.room, words, (peer) => people.nameOf(peer.id, peer));
    if (folded(title).replace(/\s+/g, '').startsWith(wanted)) return head.room.id;
  }
  return undefined;
}

/** The text of a message with the names that those mentioned have now. */
export function named(text: string, { people }: Services): string {
  return text.replace(/<@(\d+|everyone)>/g, (_, id: Id) => `@${id === 'everyone' ? id : people.nameOf(id)}`);
}
