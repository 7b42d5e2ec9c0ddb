import type { Link } from '../net/link';
import type { Id, Member } from '../wire';

const RANK = { owner: 0, moderator: 1, member: 2 } as const;

/** The members of a room, loaded when somebody wants to see them. */
export class Members {
  /** Owners first, then moderators, then the others. */
  items: readonly Member[] = $state.raw([]);

  #loading: Promise<void> | undefined;
  #again = false;
  readonly #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  /** Asked while it loads, it loads once more after that. */
  async load(room: Id): Promise<void> {
    this.#again = true;
    this.#loading ??= this.#loadAll(room);
    await this.#loading;
  }

  async #loadAll(room: Id): Promise<void> {
    // Not before `load` has noted that it loads.
    await Promise.resolve();
    while (this.#again) {
      this.#again = false;
      this.items = (await this.#list(room)) ?? this.items;
    }
    this.#loading = undefined;
  }

  /** Undefined when it could not be told: it is asked again when the panel is opened again. */
  async #list(room: Id): Promise<Member[] | undefined> {
    const items: Member[] = [];
    let cursor: string | undefined;
    try {
      do {
        const page = await this.#link.request('room:members', { room, ...(cursor && { cursor }) });
        items.push(...page.members);
        cursor = page.cursor;
      } while (cursor);
    } catch {
      return undefined;
    }
    return items.toSorted((a, b) => RANK[a.role] - RANK[b.role]);
  }
}
