import { folded, roomTag } from '../lib/text';
import type { Id, User } from '../wire';
import type { People } from './people.svelte';
import type { Rooms } from './rooms.svelte';

const SHOWN_MOST = 20;
/** Of the letters after ":", because one may be the mouth of a face. */
const EMOJI_LEAST = 2;
const EVERYONE = 'everyone';
/** What begins a word right before the caret: "@an", "#des", ":smi". */
const ASKED = /(?<![\p{L}\p{N}\p{M}_@#:/<-])([@#:])([\p{L}\p{N}\p{M}_.+-]*)$/u;
const REST_OF_WORD = /^[\p{L}\p{N}\p{M}_]*/u;

/** One line of the list; `insert` is what it writes. */
export type Suggestion = { readonly key: string; readonly insert: string } & (
  | { readonly kind: 'person'; readonly user: Id; readonly name: string; readonly here: boolean }
  | { readonly kind: 'everyone' }
  | { readonly kind: 'room'; readonly name: string; readonly private: boolean }
  | { readonly kind: 'emoji'; readonly name: string }
);

/** What takes the place of a piece of the text. */
export interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface CompletionSources {
  readonly people: People;
  readonly rooms: Rooms;
  readonly me: Id;
  /** Who gets what is written; undefined while it is not known. */
  readers(): ReadonlySet<Id> | undefined;
  /** How everybody is called here; '' where `@everyone` is no use. */
  everyone(): string;
  /** Emoji by the beginnings of their names. */
  emoji(query: string): Promise<readonly { readonly char: string; readonly name: string }[]>;
  /** The list has another length than before; never 0. */
  counted(count: number): void;
}

interface Asked {
  readonly mark: string;
  readonly query: string;
  readonly from: number;
  readonly to: number;
  /** What is written is followed by a space. */
  readonly spaced: boolean;
}

/** What may be meant by the word at the caret: people after "@", rooms after "#", emoji after ":". It asks no server. */
export class Completion {
  /** Empty while there is nothing to choose. */
  suggestions: readonly Suggestion[] = $state.raw([]);
  active = $state(0);

  #asked: Asked | undefined;
  /** Where a word begins for which no list is wanted. */
  #dismissed: number | undefined;
  readonly #sources: CompletionSources;

  constructor(sources: CompletionSources) {
    this.#sources = sources;
  }

  // Actions

  /** The text or the caret has changed. */
  look(text: string, caret: number): void {
    const asked = askedAt(text, caret);
    if (asked?.from !== this.#dismissed) this.#dismissed = undefined;
    if (asked?.from !== this.#asked?.from || asked?.mark !== this.#asked?.mark) this.#show([]);
    this.#asked = asked;
    if (!asked || this.#dismissed !== undefined) return;
    if (asked.mark === ':') void this.#showEmoji(asked);
    else this.#show(asked.mark === '@' ? this.#people(asked.query) : this.#rooms(asked.query));
  }

  move(by: 1 | -1): void {
    const { length } = this.suggestions;
    if (length > 0) this.active = (this.active + by + length) % length;
  }

  /** What the chosen line writes, and in place of what; the list is done. */
  choose(suggestion = this.suggestions[this.active]): Replacement | undefined {
    const asked = this.#asked;
    this.close();
    if (!asked || !suggestion) return undefined;
    return { from: asked.from, to: asked.to, text: suggestion.insert + (asked.spaced ? ' ' : '') };
  }

  /** Esc: no list for this word any more. */
  dismiss(): void {
    this.#dismissed = this.#asked?.from;
    this.#show([]);
  }

  /** Nobody writes here any more. */
  close(): void {
    this.#asked = undefined;
    this.#show([]);
  }

  // Internal

  #show(suggestions: readonly Suggestion[]): void {
    const before = this.suggestions.length;
    if (before === 0 && suggestions.length === 0) return;
    this.suggestions = suggestions;
    this.active = 0;
    if (suggestions.length > 0 && suggestions.length !== before) this.#sources.counted(suggestions.length);
  }

  /** Those who get it first, then the closest, then who is online. */
  #people(query: string): Suggestion[] {
    const { people, me } = this.#sources;
    const readers = this.#sources.readers();
    const others = people.all.filter((user) => user.id !== me && !user.disabled);
    const found = others.flatMap((user) => {
      const rank = nearest(rankOf(query, user.name), rankOf(query, user.display_name));
      if (rank === undefined) return [];
      const here = readers?.has(user.id) ?? true;
      const away = people.presence(user.id) === 'offline' ? 1 : 0;
      return [{ suggestion: person(user, here), order: (here ? 0 : 100) + rank * 10 + away }];
    });
    const sorted = found.toSorted((a, b) => a.order - b.order).map(({ suggestion }) => suggestion);
    const near = sorted.filter((one) => one.here);
    const everyone = this.#everyone(query);
    // Who writes "@e" may well mean everyone, who writes "@" means somebody.
    const first = query === '' ? [...near, ...everyone] : [...everyone, ...near];
    return [...first, ...sorted.slice(near.length)].slice(0, SHOWN_MOST);
  }

  #everyone(query: string): Suggestion[] {
    const name = this.#sources.everyone();
    if (name === '' || nearest(rankOf(query, EVERYONE), rankOf(query, name)) === undefined) return [];
    return [{ kind: 'everyone', key: EVERYONE, insert: `@${EVERYONE}` }];
  }

  #rooms(query: string): Suggestion[] {
    const found = [...this.#sources.rooms.all].flatMap(({ head: { room } }) => {
      const name = room.name ?? '';
      const tag = roomTag(name);
      const rank = nearest(rankOf(query, name), rankOf(query, tag));
      if (tag === '' || rank === undefined) return [];
      return [{ kind: 'room' as const, key: room.id, insert: `#${tag}`, name, private: room.kind === 'private', rank }];
    });
    return found.toSorted((a, b) => a.rank - b.rank || a.name.localeCompare(b.name)).slice(0, SHOWN_MOST);
  }

  async #showEmoji(asked: Asked): Promise<void> {
    const found = asked.query.length < EMOJI_LEAST ? [] : await this.#sources.emoji(asked.query);
    if (this.#asked !== asked || this.#dismissed !== undefined) return;
    this.#show(found.map(({ char, name }) => ({ kind: 'emoji', key: char, insert: char, name })));
  }
}

/** The word before the caret, if it asks for something and is no code. */
function askedAt(text: string, caret: number): Asked | undefined {
  const before = text.slice(0, caret);
  const match = ASKED.exec(before);
  if (!match || (before.match(/`/g)?.length ?? 0) % 2 === 1) return undefined;
  const [, mark = '', query = ''] = match;
  const end = caret + (REST_OF_WORD.exec(text.slice(caret))?.[0].length ?? 0);
  const spaced = mark !== ':' && (end === text.length || text[end] === ' ');
  return { mark, query, from: match.index, to: spaced && end < text.length ? end + 1 : end, spaced };
}

function person({ id, name, display_name }: User, here: boolean) {
  return { kind: 'person' as const, key: id, insert: `@${name}`, user: id, name: display_name, here };
}

/** How well a name answers: 0 begins with it, 1 has a word that does; undefined: not at all. */
function rankOf(query: string, name: string): number | undefined {
  const wanted = folded(query);
  const given = folded(name);
  if (given.startsWith(wanted)) return 0;
  return given.split(/[\s_.-]+/).some((word) => word.startsWith(wanted)) ? 1 : undefined;
}

function nearest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
