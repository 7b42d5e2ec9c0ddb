import { marked, wordsOf, type Marked } from '../lib/marks';
import type { Hit, Id, ShortUser } from '../wire';
import { titleOf, type ConversationKind } from './keys';
import type { RecentSearches } from './recents.svelte';
import { searchHere } from './searchhere';
import { SearchPages, type SearchQuery } from './searchpages.svelte';
import { named, takeFilter, type Filters } from './searchwords';
import type { Services } from './services';

/** How long somebody types on before the server is asked. */
const TYPING_MS = 200;

export interface FoundMessage {
  readonly id: Id;
  readonly room: Id;
  readonly seq: number;
  readonly author: ShortUser;
  readonly mine: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly parts: readonly Marked[];
}

/** What was found in one conversation. */
export interface FoundGroup {
  readonly room: Id;
  readonly title: string;
  readonly kind: ConversationKind;
  readonly messages: readonly FoundMessage[];
}

/** Looks for messages, in the conversation that is open or everywhere. */
export class Search {
  text = $state('');
  scope: 'here' | 'everywhere' = $state('here');
  filters: Filters = $state.raw({});
  /** The answer is from this device, for want of a connection. */
  offline = $state(false);
  /** How long the server took, in milliseconds. */
  took = $state(0);
  /** The words that the hits answer. */
  asked = $state('');
  readonly pages: SearchPages;
  readonly groups: readonly FoundGroup[] = $derived.by(() => this.#groups());

  #kept: readonly Hit[] = $state.raw([]);
  #here: Id | undefined = $state();
  #cancel: () => void = () => undefined;
  readonly #services: Services;
  readonly #recents: RecentSearches;

  constructor(services: Services, recents: RecentSearches) {
    this.#services = services;
    this.#recents = recents;
    this.pages = new SearchPages(services.link, services);
  }

  get hits(): readonly Hit[] {
    return this.offline ? this.#kept : this.pages.hits;
  }

  /** There is an answer to what is asked now. */
  get answered(): boolean {
    return this.offline || this.pages.answered;
  }

  /** What is narrowed to a conversation: chosen by a filter, else by the scope. */
  get room(): Id | undefined {
    return this.filters.room ?? (this.scope === 'here' ? this.#here : undefined);
  }

  // Actions

  /** Somebody opens the search, over a conversation. */
  opened(here: Id | undefined): void {
    this.scope = here === undefined ? 'everywhere' : 'here';
    if (this.#here === here) return;
    this.#here = here;
    this.clear();
  }

  clear(): void {
    this.#cancel();
    this.text = this.asked = '';
    this.filters = {};
    this.offline = false;
    this.pages.clear();
  }

  /** What is typed: complete filters become chips, the rest is asked for in a moment. */
  type(text: string): void {
    this.text = text;
    for (let taken = takeFilter(text, this.#services); taken; taken = takeFilter(taken.rest, this.#services)) {
      this.filters = { ...this.filters, ...taken.filter };
      this.text = taken.rest;
    }
    this.#cancel();
    this.#cancel = this.#services.host.after(TYPING_MS, () => void this.ask());
  }

  narrow(filter: Filters): void {
    this.filters = { ...this.filters, ...filter };
    void this.ask();
  }

  widen(filter: keyof Filters): void {
    const { [filter]: _, ...rest } = this.filters;
    this.filters = rest;
    void this.ask();
  }

  search(scope: 'here' | 'everywhere'): void {
    this.scope = scope;
    if (scope === 'everywhere') this.widen('room');
    else void this.ask();
  }

  async ask(): Promise<void> {
    this.#cancel();
    const { host, link, rooms } = this.#services;
    const query = this.#query();
    this.asked = this.text.trim();
    if (this.asked === '' && Object.keys(this.filters).length === 0) return this.pages.clear();
    this.offline = !link.up;
    if (this.offline) {
      this.#kept = await searchHere(rooms, query);
      return;
    }
    const began = host.now();
    await this.pages.ask(query);
    this.took = host.now() - began;
  }

  /** A result was opened: the search is worth keeping. */
  chosen(): void {
    this.#recents.add(this.text);
  }

  // Internal

  #query(): SearchQuery {
    const { author, hasFile, before } = this.filters;
    return {
      q: this.text.trim(),
      ...(this.room !== undefined && { room: this.room }),
      ...(author !== undefined && { author }),
      ...(hasFile && { has: 'file' }),
      ...(before !== undefined && { before: new Date(`${before}T00:00`).toISOString() }),
    };
  }

  #groups(): FoundGroup[] {
    const words = wordsOf(this.asked);
    const groups = new Map<Id, FoundMessage[]>();
    for (const hit of this.hits) {
      const group = groups.get(hit.message.room) ?? [];
      groups.set(hit.message.room, [...group, this.#found(hit, words)]);
    }
    return [...groups].map(([room, messages]) => ({ room, messages, ...this.#titleOf(room) }));
  }

  #found({ message, snippet }: Hit, words: readonly string[]): FoundMessage {
    const { me, people } = this.#services;
    return {
      id: message.id,
      room: message.room,
      seq: message.seq,
      author: { ...message.author, display_name: people.nameOf(message.author.id, message.author) },
      mine: message.author.id === me.id,
      at: Date.parse(message.created_at),
      parts: marked(named(snippet, this.#services), words),
    };
  }

  #titleOf(id: Id): { title: string; kind: ConversationKind } {
    const { directory, people, rooms, words } = this.#services;
    const room = rooms.get(id)?.head.room;
    if (!room) return { title: directory.rooms.find((listed) => listed.id === id)?.name ?? '', kind: 'public' };
    const title = titleOf(room, words, (peer) => people.nameOf(peer.id, peer));
    return { title, kind: room.kind === 'dm' ? 'direct' : room.kind };
  }
}
