import type { Id, Message } from '../wire';
import type { Services } from './services';

/** The messages among which one is changed. */
export interface Held {
  readonly id: Id;
  readonly window: { get(seq: number): Message | undefined; messages(): Iterable<Message> } | undefined;
}

/** An own message of a conversation, while it is changed in place. */
export class Editing {
  /** The message, by seq; undefined: none is being changed. */
  seq: number | undefined = $state();
  text = $state('');
  /** Why it was not saved; ''. */
  problem = $state('');
  saving = $state(false);

  #before = '';
  readonly #room: () => Held | undefined;
  readonly #services: Services;

  constructor(room: () => Held | undefined, services: Services) {
    this.#room = room;
    this.#services = services;
  }

  // Actions

  start(seq: number): void {
    const message = this.#room()?.window?.get(seq);
    if (!message || !this.#mayEdit(message)) return;
    this.#before = this.text = this.#written(message.body);
    this.problem = '';
    this.seq = seq;
  }

  /** Up in an empty composer: the last own message. Its seq, undefined when there is none. */
  startLast(): number | undefined {
    const messages = [...(this.#room()?.window?.messages() ?? [])];
    const last = messages.findLast((message) => this.#mayEdit(message));
    if (last) this.start(last.seq);
    return last?.seq;
  }

  /** Enter. An unchanged text is not sent; an empty one asks `empty`, for a deletion is another thing. */
  async save(): Promise<'saved' | 'empty' | 'refused'> {
    const { seq } = this;
    const room = this.#room();
    if (seq === undefined || !room || this.saving) return 'refused';
    if (this.text.trim() === '') return 'empty';
    this.saving = true;
    this.problem = this.text === this.#before ? '' : await this.#services.messages.edit(room.id, seq, this.text);
    this.saving = false;
    if (this.problem !== '') return 'refused';
    this.cancel();
    return 'saved';
  }

  cancel(): void {
    this.seq = undefined;
  }

  // Internal

  #mayEdit(message: Message): boolean {
    return message.author.id === this.#services.me.id && message.kind === 'text' && !message.deleted_at;
  }

  /** As it was typed: the server keeps mentions by id. */
  #written(body: string): string {
    return body.replace(/<@(\d+|everyone)>/g, (kept, id: string) => {
      const handle = id === 'everyone' ? id : this.#services.people.get(id)?.name;
      return handle === undefined ? kept : `@${handle}`;
    });
  }
}
