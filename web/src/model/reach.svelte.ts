import type { Id, Route, ShortUser } from '../wire';
import { Asking } from './asking.svelte';
import type { Services } from './services';

/** What became of a message, as the server tells when it is asked. */
export class Reach {
  /** Who else has read it; undefined until it is known. */
  readers: readonly ShortUser[] | undefined = $state.raw();
  /** Undefined until it is known. */
  route: Route | undefined = $state.raw();
  readonly #asking: Asking;
  readonly #services: Services;
  readonly #place: { readonly room: Id; readonly seq: number };

  constructor(place: { room: Id; seq: number }, services: Services) {
    this.#place = place;
    this.#services = services;
    this.#asking = new Asking(services);
  }

  /** Why it is not known; ''. */
  get problem(): string {
    return this.#asking.problem;
  }

  async loadReaders(): Promise<void> {
    this.readers = (await this.#asking.try(() => this.#services.link.request('message:seen', this.#place)))?.users;
  }

  async loadRoute(): Promise<void> {
    this.route = await this.#asking.try(() => this.#services.link.request('message:route', this.#place));
  }
}
