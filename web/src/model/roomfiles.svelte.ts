import type { Link } from '../net/link';
import type { File, Id, Message, ShortUser } from '../wire';
import { SearchPages } from './searchpages.svelte';
import type { Speech } from './words';

export interface SharedFile {
  readonly file: File;
  readonly by: ShortUser;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly room: Id;
  readonly seq: number;
}

/** The files that were sent to a room, or by a person, newest first. */
export class RoomFiles {
  readonly #pages: SearchPages;
  readonly items: readonly SharedFile[] = $derived.by(() => this.#pages.hits.flatMap((hit) => filesOf(hit.message)));

  constructor(link: Link, speech: Speech) {
    this.#pages = new SearchPages(link, speech);
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

  load(of: { room: Id } | { author: Id }): Promise<void> {
    return this.#pages.ask({ ...of, has: 'file' });
  }

  more(): Promise<void> {
    return this.#pages.more();
  }
}

function filesOf({ files, author, created_at, room, seq }: Message): SharedFile[] {
  return files.map((file) => ({ file, by: author, at: Date.parse(created_at), room, seq }));
}
