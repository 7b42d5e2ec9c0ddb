import { SvelteMap } from 'svelte/reactivity';
import type { Message } from '../wire';
import { Asking } from './asking.svelte';
import type { RoomState } from './roomstate.svelte';
import type { Services } from './services';

/** The pinned messages of a room, the latest pin first. */
export class RoomPins {
  /** The first page is here. */
  answered = $state(false);
  readonly items: readonly Message[] = $derived.by(() => this.#sorted());

  readonly #messages = new SvelteMap<number, Message>();
  #cursor: string | undefined = $state();
  readonly #asking: Asking;
  readonly #room: RoomState;
  readonly #services: Services;

  constructor(room: RoomState, services: Services) {
    this.#room = room;
    this.#services = services;
    this.#asking = new Asking(services);
  }

  get loading(): boolean {
    return this.#asking.busy;
  }

  /** Why there is no answer; ''. */
  get problem(): string {
    return this.#asking.problem;
  }

  get hasMore(): boolean {
    return this.#cursor !== undefined;
  }

  // Actions

  /** Asks for the first page, and follows the room until what it answers is called. */
  open(): () => void {
    const follow = (message: Message | undefined): void => {
      if (message) this.#take(message);
      else void this.#load();
    };
    this.#room.followers.add(follow);
    void this.#load();
    return () => this.#room.followers.delete(follow);
  }

  async more(): Promise<void> {
    if (this.hasMore && !this.loading) await this.#page();
  }

  // Internal

  async #load(): Promise<void> {
    this.#cursor = undefined;
    this.#messages.clear();
    await this.#page();
    this.answered = this.problem === '';
  }

  async #page(): Promise<void> {
    const asked = { room: this.#room.id, ...(this.#cursor && { cursor: this.#cursor }) };
    const page = await this.#asking.try(() => this.#services.link.request('pin:list', asked));
    if (!page) return;
    for (const message of page.messages) this.#take(message);
    this.#cursor = page.cursor;
  }

  /** What is no longer pinned is kept too, so that an answer that is older does not bring it back. */
  #take(message: Message): void {
    const known = this.#messages.get(message.seq);
    if (known && known.rev >= message.rev) return;
    if (known || message.pinned_at || this.loading) this.#messages.set(message.seq, message);
  }

  #sorted(): Message[] {
    const pinned = [...this.#messages.values()].filter((message) => message.pinned_at !== undefined);
    return pinned.toSorted((a, b) => Date.parse(b.pinned_at ?? '') - Date.parse(a.pinned_at ?? '') || b.seq - a.seq);
  }
}
