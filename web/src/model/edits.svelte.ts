import type { Edit, Id } from '../wire';
import { Asking } from './asking.svelte';
import type { Services } from './services';

/** What a message said before it was edited. */
export class Edits {
  /** The latest first; undefined until the server has told. */
  items: readonly Edit[] | undefined = $state.raw();

  readonly #asking: Asking;
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
    this.#asking = new Asking(services);
  }

  /** Why they are not told; ''. */
  get problem(): string {
    return this.#asking.problem;
  }

  async load(room: Id, seq: number): Promise<void> {
    const answer = await this.#asking.try(() => this.#services.link.request('message:edits', { room, seq }));
    if (answer) this.items = answer.edits.toReversed();
  }
}
