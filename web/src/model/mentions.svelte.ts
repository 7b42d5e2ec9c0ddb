import { marked, type Marked } from '../lib/marks';
import { excerpt } from '../lib/text';
import type { Id, Message, ShortUser } from '../wire';
import { titleOf } from './keys';
import { SearchPages } from './searchpages.svelte';
import { named } from './searchwords';
import type { Services } from './services';

const SNIPPET = 160;

/** Something that was addressed to me. */
export interface Addressed {
  readonly room: Id;
  readonly seq: number;
  readonly author: ShortUser;
  /** The conversation it stands in. */
  readonly title: string;
  readonly direct: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly parts: readonly Marked[];
  /** Not read yet; what was read is done. */
  readonly unread: boolean;
}

/** Everything addressed to me, newest first: mentions, and the latest of each direct conversation with something unread. */
export class Mentions {
  readonly items: readonly Addressed[] = $derived.by(() => this.#items());

  readonly #pages: SearchPages;
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
    this.#pages = new SearchPages(services.link, services);
  }

  get loading(): boolean {
    return this.#pages.loading;
  }

  get answered(): boolean {
    return this.#pages.answered;
  }

  get hasMore(): boolean {
    return this.#pages.hasMore;
  }

  get problem(): string {
    return this.#pages.problem;
  }

  load(): Promise<void> {
    return this.#pages.ask({ q: `@${this.#services.me.name}` });
  }

  more(): Promise<void> {
    return this.#pages.more();
  }

  #items(): Addressed[] {
    const { me, rooms } = this.#services;
    const found = this.#pages.hits.map((hit) => hit.message).filter((message) => message.author.id !== me.id);
    const known = new Set(found.map((message) => message.id));
    const directs = [...rooms.all].flatMap(({ head }) => {
      const { last_message: last } = head;
      return head.room.kind === 'dm' && head.unread > 0 && last && !known.has(last.id) ? [last] : [];
    });
    return [...found, ...directs].map((message) => this.#item(message)).toSorted((a, b) => b.at - a.at);
  }

  #item(message: Message): Addressed {
    const { directory, people, rooms, words } = this.#services;
    const head = rooms.get(message.room)?.head;
    const nameOf = (user: ShortUser) => people.nameOf(user.id, user);
    return {
      room: message.room,
      seq: message.seq,
      author: { ...message.author, display_name: nameOf(message.author) },
      title: head
        ? titleOf(head.room, words, nameOf)
        : (directory.rooms.find((listed) => listed.id === message.room)?.name ?? ''),
      direct: head?.room.kind === 'dm',
      at: Date.parse(message.created_at),
      parts: marked(excerpt(named(message.body, this.#services), SNIPPET), [`@${people.nameOf(this.#services.me.id)}`]),
      unread: head !== undefined && message.seq > head.read_seq,
    };
  }
}
