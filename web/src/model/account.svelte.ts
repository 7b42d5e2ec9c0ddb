import type { Requests } from '../wire';
import { reason } from './reason';
import type { Services } from './services';

/** What I show of myself: what I have got and read, whether I am here, and that I am writing. */
export type Shown = 'receipts' | 'presence' | 'typing';

/** What I may change about myself. */
export class Account {
  busy = $state(false);
  /** Why the last change was refused; ''. */
  problem = $state('');
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Others see this of me, and so I see it of others. */
  shows(what: Shown): boolean {
    return this.#services.me.prefs?.[what] !== false;
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
      if (change.prefs && 'presence' in change.prefs) people.watchAnew();
      return true;
    } catch (error) {
      this.problem = reason(error, words);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
