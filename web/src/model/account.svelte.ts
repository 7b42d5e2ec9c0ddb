import type { Requests } from '../wire';
import { reason } from './reason';
import type { Services } from './services';

/** What I may change about myself. */
export class Account {
  busy = $state(false);
  /** Why the last change was refused; ''. */
  problem = $state('');
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Others see when I have read what they wrote to me, and I see theirs. */
  get receipts(): boolean {
    return this.#services.me.prefs?.['receipts'] !== false;
  }

  /** True when it is saved. */
  async save(change: Requests['user:update']['in']): Promise<boolean> {
    const { link, people, words } = this.#services;
    this.busy = true;
    this.problem = '';
    try {
      const { user } = await link.request('user:update', change);
      this.#services.me = user;
      people.changed(user);
      return true;
    } catch (error) {
      this.problem = reason(error, words);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
