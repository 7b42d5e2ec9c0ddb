import type { Conversation } from './conversation.svelte';
import type { RoomState } from './roomstate.svelte';
import { RowBuilder, type Row } from './rows';
import type { Services } from './services';

/** The rows of a conversation: the messages at hand, and below them what is on its way. */
export class MessageList {
  readonly rows: readonly Row[] = $derived.by(() => this.#build());

  readonly #builder: RowBuilder;
  readonly #conversation: Conversation;
  readonly #room: () => RoomState | undefined;
  readonly #services: Services;

  constructor(conversation: Conversation, room: () => RoomState | undefined, services: Services) {
    this.#conversation = conversation;
    this.#room = room;
    this.#services = services;
    this.#builder = new RowBuilder({
      me: services.me,
      speech: services,
      nameOf: (user, known) => services.people.nameOf(user, known),
      privateTo: () => (conversation.kind === 'direct' ? conversation.title : undefined),
    });
  }

  #build(): Row[] {
    const { host, messages, outbox, people } = this.#services;
    const window = this.#room()?.window;
    const names = people.version;
    const pending = outbox.of(this.#conversation.key).filter((entry) => !window?.has(entry.record.cid));
    return this.#builder.build({
      messages: messages.shown(window?.messages() ?? []),
      pending: window?.hasNewer ? [] : pending,
      divider: this.#conversation.view.divider,
      now: host.now(),
      names,
    });
  }
}
