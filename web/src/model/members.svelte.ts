import type { Link } from '../net/link';
import type { Id, Member } from '../wire';

/** The members of a room, loaded when somebody wants to see them. */
export class Members {
  items: readonly Member[] = $state.raw([]);

  readonly #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  async load(room: Id): Promise<void> {
    const items: Member[] = [];
    let cursor: string | undefined;
    try {
      do {
        const page = await this.#link.request('room:members', { room, ...(cursor && { cursor }) });
        items.push(...page.members);
        cursor = page.cursor;
      } while (cursor);
      this.items = items;
    } catch {
      // The list that was there stays; it loads again when the panel is opened again.
    }
  }
}
