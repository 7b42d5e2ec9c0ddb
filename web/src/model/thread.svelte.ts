import { SvelteMap } from 'svelte/reactivity';
import type { Id, Member, Message, Room, ShortUser, ThreadPage } from '../wire';
import { Asking } from './asking.svelte';
import { Composer } from './composer.svelte';
import type { Conversation } from './conversation.svelte';
import { Editing } from './editing.svelte';
import type { ConversationKind } from './keys';
import type { Lens } from './lens';
import type { Permissions } from './permissions';
import type { Quotes } from './quotes.svelte';
import type { Receipts } from './receipts';
import { RowBuilder, type MessageRow, type Row } from './rows';
import type { Services } from './services';

/**
 * A message and its answers, beside the conversation that they stand in. They are the same messages, with one read state;
 * what changes in the room changes here.
 */
export class Thread implements Lens {
  readonly root: number;
  readonly composer: Composer;
  readonly editing: Editing;
  /** There are answers before those at hand. */
  hasEarlier = $state(false);
  /** The answers at hand are the latest, without a hole. */
  loaded = $state(false);
  /** Changes when something was written here. */
  written = $state(0);
  /** The message that began it; undefined until it is at hand. */
  readonly rootRow: MessageRow | undefined = $derived.by(() => this.#buildRoot());
  /** The answers, and below them what is on its way. */
  readonly rows: readonly Row[] = $derived.by(() => this.#build());

  /** By seq, what began it among them. */
  readonly #messages = new SvelteMap<number, Message>();
  /** Answers below this seq are not at hand. */
  #from = 0;
  readonly #asking: Asking;
  readonly #rootBuilder: RowBuilder;
  readonly #builder: RowBuilder;
  readonly #conversation: Conversation;
  readonly #services: Services;

  /** `root` is the seq of the message that began it. */
  constructor(root: number, conversation: Conversation, services: Services) {
    this.root = root;
    this.#conversation = conversation;
    this.#services = services;
    this.#asking = new Asking(services);
    const held = { get: (seq: number) => this.#messages.get(seq), messages: () => this.#sorted() };
    this.editing = new Editing(
      () => (this.roomId === undefined ? undefined : { id: this.roomId, window: held }),
      services,
    );
    this.composer = new Composer(this, services);
    const context = {
      me: services.me,
      speech: services,
      nameOf: (user: Id, known?: ShortUser) => services.people.nameOf(user, known),
      privateTo: () => (this.kind === 'direct' ? this.title : undefined),
    };
    this.#rootBuilder = new RowBuilder(context);
    this.#builder = new RowBuilder(context);
  }

  /** Unlike that of its conversation: drafts are kept by it. */
  get key(): string {
    return `${this.lane}/${this.root}`;
  }

  get lane(): string {
    return this.#conversation.key;
  }

  get kind(): ConversationKind {
    return this.#conversation.kind;
  }

  get title(): string {
    return this.#conversation.title;
  }

  get room(): Room | undefined {
    return this.#conversation.room;
  }

  get roomId(): Id | undefined {
    return this.#conversation.roomId;
  }

  get person(): ShortUser | undefined {
    return this.#conversation.person;
  }

  get membersCount(): number {
    return this.#conversation.membersCount;
  }

  get members(): readonly Member[] {
    return this.#conversation.members;
  }

  get joined(): boolean {
    return this.#conversation.joined;
  }

  get quotes(): Quotes {
    return this.#conversation.quotes;
  }

  get receipts(): Receipts {
    return this.#conversation.receipts;
  }

  get view(): Conversation['view'] {
    return this.#conversation.view;
  }

  get loading(): boolean {
    return this.#asking.busy;
  }

  /** Why it could not be read; ''. */
  get problem(): string {
    return this.#asking.problem;
  }

  permissions(row: MessageRow): Permissions {
    return this.#conversation.permissions(row);
  }

  // Actions

  /** Shows what is at hand, asks for the rest, and follows the room until what it answers is called. */
  open(): () => void {
    const room = this.#conversation.state;
    if (!room) return () => undefined;
    const follow = (message: Message | undefined): void => {
      if (message) this.#take(message);
      else void this.load();
    };
    for (const message of room.window?.messages() ?? []) this.#take(message);
    room.followers.add(follow);
    void this.load();
    return () => room.followers.delete(follow);
  }

  /** Asks for the latest answers. */
  async load(): Promise<void> {
    const page = await this.#ask({});
    if (!page) return;
    this.#reach(page);
    for (const seq of this.#messages.keys()) if (seq !== this.root && seq < this.#from) this.#messages.delete(seq);
    this.loaded = true;
  }

  async earlier(): Promise<void> {
    if (!this.hasEarlier || this.loading) return;
    const page = await this.#ask({ before: this.#from });
    if (page) this.#reach(page);
  }

  reveal(seq: number): Promise<boolean> {
    return this.#conversation.reveal(seq);
  }

  markUnread(seq: number): Promise<void> {
    return this.#conversation.markUnread(seq);
  }

  loadMembers(): Promise<void> {
    return this.#conversation.loadMembers();
  }

  // Events

  wroteHere(): void {
    this.written++;
  }

  // Internal

  async #ask(where: { before?: number }): Promise<ThreadPage | undefined> {
    const { roomId: room } = this;
    if (room === undefined) return undefined;
    const { link } = this.#services;
    return this.#asking.try(() => link.request('message:thread', { room, seq: this.root, ...where }));
  }

  #reach({ root, messages, more }: ThreadPage): void {
    this.hasEarlier = more;
    this.#from = more ? (messages.at(0)?.seq ?? this.#from) : 0;
    for (const message of [root, ...messages]) this.#take(message);
  }

  #take(message: Message): void {
    const { seq } = message;
    if (seq !== this.root && (message.thread !== this.root || seq < this.#from)) return;
    const known = this.#messages.get(seq);
    if (!known || known.rev < message.rev) this.#messages.set(seq, message);
  }

  #sorted(): Message[] {
    return [...this.#messages.values()].toSorted((a, b) => a.seq - b.seq);
  }

  #buildRoot(): MessageRow | undefined {
    const root = this.#messages.get(this.root);
    return this.#rowsOf(this.#rootBuilder, root ? [root] : [], []).find((row) => row.kind === 'message');
  }

  #build(): readonly Row[] {
    const answers = this.#sorted().filter(({ seq }) => seq !== this.root);
    const known = new Set(answers.map(({ cid }) => cid));
    const pending = this.#services.outbox.of(this.lane).filter(({ record }) => {
      const { cid, reply_to } = record;
      return reply_to !== undefined && this.#messages.has(reply_to) && !known.has(cid);
    });
    return this.#rowsOf(this.#builder, answers, pending);
  }

  #rowsOf(
    builder: RowBuilder,
    given: Message[],
    pending: Parameters<RowBuilder['build']>[0]['pending'],
  ): readonly Row[] {
    const { host, messages, people } = this.#services;
    const shown = messages.shown(given);
    return builder.build({ messages: shown, pending, divider: undefined, now: host.now(), names: people.version });
  }
}
