import { reason } from './reason';
import type { Speech } from './words';

/** Asks the server for what somebody wants, and keeps why it was refused. */
export class Asking {
  busy = $state(false);
  /** Why the last thing was refused; ''. */
  problem = $state('');
  readonly #speech: Speech;

  constructor(speech: Speech) {
    this.#speech = speech;
  }

  /** What `ask` answers; undefined when it was refused. */
  async try<T>(ask: () => Promise<T>): Promise<T | undefined> {
    this.problem = '';
    this.busy = true;
    try {
      return await ask();
    } catch (error) {
      this.problem = reason(error, this.#speech.words);
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}
