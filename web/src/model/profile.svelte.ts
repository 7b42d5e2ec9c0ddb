import type { Id, User } from '../wire';
import { Asking } from './asking.svelte';
import type { Services } from './services';

/** Somebody, as a card shows them. */
export class Profile {
  readonly id: Id;
  readonly #asking: Asking;
  readonly #services: Services;

  constructor(id: Id, services: Services) {
    this.id = id;
    this.#services = services;
    this.#asking = new Asking(services);
  }

  /** Undefined while nobody has told who it is. */
  get user(): User | undefined {
    return this.#services.people.get(this.id);
  }

  get isMe(): boolean {
    return this.id === this.#services.me.id;
  }

  get blocked(): boolean {
    return this.user?.blocked ?? false;
  }

  get busy(): boolean {
    return this.#asking.busy;
  }

  /** Why the last action was refused; ''. */
  get problem(): string {
    return this.#asking.problem;
  }

  /** Asks for what the list of people does not have, or no longer. */
  async load(): Promise<void> {
    const { link, people } = this.#services;
    try {
      people.changed((await link.request('user:get', { user: this.id })).user);
    } catch {
      // What is known is shown.
    }
  }

  /** Nobody who is blocked writes to me directly, nor I to them. True when it is so. */
  async block(on: boolean): Promise<boolean> {
    const { link, people } = this.#services;
    const answer = await this.#asking.try(() => link.request('block:set', { user: this.id, on }));
    const { user } = this;
    if (answer && user) people.changed({ ...user, blocked: on });
    return answer !== undefined;
  }
}
