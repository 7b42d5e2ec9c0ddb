import type { Id, Invite } from '../wire';
import { Asking } from './asking.svelte';
import type { Services } from './services';

const DAY = 24 * 60 * 60;

/** For how many people, and for how many seconds, a link can be made. */
export const INVITE_USES: readonly number[] = [1, 5, 25, 100];
export const INVITE_SPANS: readonly number[] = [DAY, 7 * DAY, 30 * DAY];

/** My invitations that are valid, and new ones. With a room, who comes becomes a member of it. */
export class InviteLinks {
  items: Invite[] = $state.raw([]);
  /** Of the page to which the newest link leads; ''. Nobody tells it again. */
  path = $state('');
  /** How many people the next link is for. */
  uses = $state(1);
  /** How long the next link is valid. */
  seconds = $state(7 * DAY);
  readonly #room: Id | undefined;
  readonly #services: Services;
  readonly #asking: Asking;

  constructor(services: Services, room?: Id) {
    this.#services = services;
    this.#room = room;
    this.#asking = new Asking(services);
  }

  get busy(): boolean {
    return this.#asking.busy;
  }

  /** Why the last action was refused; ''. */
  get problem(): string {
    return this.#asking.problem;
  }

  // Actions

  async load(): Promise<void> {
    const answer = await this.#asking.try(() => this.#services.link.request('invite:list', {}));
    if (answer) this.items = answer.invites.filter((one) => one.room === this.#room);
  }

  async create(): Promise<void> {
    if (this.busy) return;
    const asked = { uses: this.uses, expires_in: this.seconds, ...(this.#room && { room: this.#room }) };
    const answer = await this.#asking.try(() => this.#services.link.request('invite:create', asked));
    if (!answer) return;
    this.path = answer.url;
    this.items = [answer.invite, ...this.items];
  }

  async revoke(id: Id): Promise<void> {
    const answer = await this.#asking.try(() => this.#services.link.request('invite:revoke', { invite: id }));
    if (!answer) return;
    if (this.items[0]?.id === id) this.path = '';
    this.items = this.items.filter((one) => one.id !== id);
  }
}
