import type { Registration, Requests } from '../wire';
import { Asking } from './asking.svelte';
import type { ServerFacts } from './serverfacts.svelte';
import type { Services } from './services';

/** What is asked, one after the other. */
export const SETUP_STEPS = ['name', 'joining', 'sharing'] as const;

export type SetupStep = (typeof SETUP_STEPS)[number];

/** Three questions to whoever runs a server. Each answer is kept when one goes on. */
export class ServerSetup {
  step: SetupStep = $state('name');
  name = $state('');
  registration: Registration = $state('open');
  /** Nothing was written where a name is wanted. */
  nameless = $state(false);
  readonly #asking: Asking;
  readonly #services: Services;
  readonly #facts: ServerFacts;

  constructor(services: Services, facts: ServerFacts) {
    this.#services = services;
    this.#facts = facts;
    this.#asking = new Asking(services);
    this.name = facts.name;
    this.registration = facts.registration;
  }

  /** From 1. */
  get number(): number {
    return SETUP_STEPS.indexOf(this.step) + 1;
  }

  get busy(): boolean {
    return this.#asking.busy;
  }

  /** Why the last answer was refused; ''. */
  get problem(): string {
    return this.#asking.problem;
  }

  // Actions

  /** Keeps the answer and asks the next question, unless it was refused. */
  async next(): Promise<void> {
    this.nameless = this.name.trim() === '';
    if (this.busy || this.nameless) return;
    if (await this.#keep()) this.#turn(1);
  }

  back(): void {
    this.#turn(-1);
  }

  /** It is not asked again by itself; without an answer of the server it is asked the next time. */
  async finish(): Promise<void> {
    this.#facts.isNew = false;
    await this.#asking.try(() => this.#services.link.request('server:update', { set_up: true }));
  }

  // Internal

  async #keep(): Promise<boolean> {
    const { name, registration } = this.#facts;
    const change: Requests['server:update']['in'] = {};
    if (this.name.trim() !== name) change.name = this.name.trim();
    if (this.registration !== registration) change.registration = this.registration;
    if (Object.keys(change).length === 0) return true;
    const answer = await this.#asking.try(() => this.#services.link.request('server:update', change));
    if (answer) this.#facts.changed(answer.server);
    return answer !== undefined;
  }

  #turn(by: 1 | -1): void {
    this.step = SETUP_STEPS[this.number - 1 + by] ?? this.step;
  }
}
