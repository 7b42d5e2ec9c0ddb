import type { Host, Signal } from '../lib/host';
import type { Times } from '../lib/times';
import type { Link } from '../net/link';
import type { Events, Id, Me, Message, ShortUser, Trace } from '../wire';
import { Account } from './account.svelte';
import { Alerts } from './alerts.svelte';
import { Announcer } from './announcer.svelte';
import { Away } from './away.svelte';
import type { EndReason } from './client.svelte';
import { Connection } from './connection.svelte';
import { Conversation } from './conversation.svelte';
import { Directory } from './directory.svelte';
import { Drafts } from './drafts.svelte';
import { keyOf } from './keys';
import { Invitations } from './invitations.svelte';
import { Messages } from './messages.svelte';
import { hear } from './serverevents';
import { Notices } from './notices.svelte';
import { Outbox, type OutboxEntry, type OutboxSetting } from './outbox.svelte';
import { People } from './people.svelte';
import { Rooms } from './rooms.svelte';
import type { Services } from './services';
import { ServerFacts } from './serverfacts.svelte';
import { Sidebar } from './sidebar.svelte';
import { Typing } from './typing.svelte';
import type { Speech, Words } from './words';
import { Writing } from './writing.svelte';

const RETRY_MS = 5000;

export interface ChatSetting extends OutboxSetting {
  account: ShortUser;
  speech: Speech;
  /** Asks the server who we are: false when it does not know. Rejects without an answer. */
  identified(): Promise<boolean>;
  /** The session is no more. */
  ended(reason: EndReason): void;
}

/** Somebody's chat: everything behind the sign-in. */
export class Chat implements Services {
  me: Me = $state.raw({} as Me);
  /** The open conversation, undefined when none is (narrow layout: the list is shown). */
  conversation: Conversation | undefined = $state.raw();

  readonly host: Host;
  readonly link: Link;
  readonly rooms: Rooms;
  readonly people: People;
  readonly directory: Directory;
  readonly drafts: Drafts;
  readonly messages: Messages;
  readonly outbox: Outbox;
  readonly typing: Typing;
  readonly server: ServerFacts;
  readonly account: Account;
  readonly alerts: Alerts;
  readonly announcer: Announcer;
  readonly notices: Notices;
  readonly away: Away;
  readonly invitations = new Invitations();
  /** Who is told of what the wire view traces. */
  readonly tracers = new Set<(trace: Trace) => void>();
  readonly connection: Connection;
  readonly sidebar: Sidebar;
  readonly writing: Writing;

  #epoch: string | undefined;
  #deaf: () => void = () => undefined;
  readonly #conversations = new Map<string, Conversation>();
  readonly #setting: ChatSetting;

  constructor(setting: ChatSetting) {
    const { account, host, link, disk } = setting;
    this.#setting = setting;
    this.me = { ...account, role: 'member' };
    this.host = host;
    this.link = link;
    this.rooms = new Rooms(account.id, host, disk, link);
    this.people = new People(account.id, host, disk, link, this);
    this.directory = new Directory(account.id, link, this);
    this.drafts = new Drafts(host, disk);
    this.typing = new Typing(host, link, this);
    this.server = new ServerFacts(disk);
    this.account = new Account(this);
    this.alerts = new Alerts(host);
    this.announcer = new Announcer(host, this);
    this.notices = new Notices(host);
    this.messages = new Messages({ host, disk, link, rooms: this.rooms, speech: this }, (why) => this.notices.add(why));
    this.outbox = new Outbox(setting, this, {
      delivered: (entry, message) => this.#delivered(entry, message),
      failed: (entry) => this.announcer.alarm(entry.problem),
      edited: (entry) => this.#edited(entry),
      review: (lane) => this.open(lane),
    });
    this.connection = new Connection(host, link, this, () => this.outbox.waiting);
    this.sidebar = new Sidebar(this, () => this.conversation?.key);
    this.away = new Away(host, link);
    this.writing = new Writing(host.notes);
  }

  get words(): Words {
    return this.#setting.speech.words;
  }

  get times(): Times {
    return this.#setting.speech.times;
  }

  /** The document's title: "(3) Acme chat". */
  get title(): string {
    const { count } = this.sidebar;
    return count === 0 ? this.server.name : `(${count}) ${this.server.name}`;
  }

  /** Nothing is written and nothing waits: the page could go without a loss. */
  get idle(): boolean {
    return this.outbox.waiting === 0 && (this.conversation?.composer.text ?? '') === '';
  }

  // Actions

  /** Reads what this device has, and connects. */
  async start(): Promise<void> {
    const { disk } = this.#setting;
    const parts = [this.rooms, this.people, this.drafts, this.messages, this.outbox, this.server];
    await Promise.all(parts.map((part) => part.load()));
    this.#epoch = await disk.get('facts', 'epoch');
    this.#deaf = this.host.listen((signal) => this.#hear(signal));
    this.connection.down();
    this.away.focusChanged();
    this.link.open({
      up: (ready) => this.#up(ready),
      down: () => this.#down(),
      unidentified: () => void this.#unidentified(),
      event: (event) => hear(this, event, this.#setting.ended),
    });
  }

  /** Ends it; the device keeps everything for the same account. */
  stop(): void {
    this.rooms.flush();
    this.#end();
    this.#setting.disk.close();
  }

  /** Ends it, and the device keeps unsent words only. */
  async forget(): Promise<void> {
    const { disk } = this.#setting;
    this.#end();
    await Promise.all([disk.clear('heads'), disk.clear('pages'), disk.clear('people'), disk.clear('facts')]);
    disk.close();
  }

  /** Opens a conversation by its key: a room's id, or `@` and a person's id for a direct one. */
  open(key: string): void {
    const head = this.rooms.get(key)?.head;
    const wanted = head ? keyOf(head, this.me.id) : key;
    if (head) this.invitations.answered(head.room.id);
    if (this.conversation?.key === wanted) return;
    this.conversation?.leave();
    this.conversation = this.#conversation(wanted);
    void this.conversation.open();
  }

  /** Shows a message where it stands, whichever conversation it is in; false when it may not be read. */
  async reveal(room: Id, seq: number): Promise<boolean> {
    this.open(room);
    return (await this.conversation?.reveal(seq)) ?? false;
  }

  openEveryone(): void {
    const { everyone } = this.rooms;
    if (everyone) this.open(everyone.id);
  }

  /** Nothing is open any more (narrow layout: back). */
  close(): void {
    this.conversation?.leave();
    this.conversation = undefined;
  }

  /** A person's name in the sidebar: opens the direct conversation. */
  openDirect(user: Id): void {
    this.open(`@${user}`);
  }

  /** The key of the new room, already opened; undefined: `directory.problem` says why not. */
  async createRoom(name: string, options: { private: boolean; members: readonly Id[] }): Promise<string | undefined> {
    const room = await this.directory.create(name, options);
    if (room) this.open(room.id);
    return room?.id;
  }

  async join(room: Id): Promise<void> {
    const joined = await this.directory.join(room);
    if (joined) this.open(room);
    else this.notices.add(this.directory.problem);
  }

  // Events

  #up(ready: Events['ready']): void {
    const { disk } = this.#setting;
    const { epoch } = ready.server;
    if (this.#epoch !== undefined && this.#epoch !== epoch) this.rooms.reset();
    this.#epoch = epoch;
    this.me = ready.me;
    this.server.ready(ready.server);
    disk.save('facts', 'epoch', epoch);
    this.rooms.ready(ready.rooms);
    this.connection.up();
    void this.#loadPeople();
    this.away.up();
    this.messages.up();
    this.outbox.up(ready.server.limits);
    void this.conversation?.refresh();
  }

  async #loadPeople(): Promise<void> {
    try {
      await this.people.up();
    } catch {
      // With a new connection it is asked again anyway.
      this.host.after(RETRY_MS, () => this.link.up && void this.#loadPeople());
    }
  }

  #down(): void {
    this.connection.down();
    this.people.down();
  }

  async #unidentified(): Promise<void> {
    try {
      if (!(await this.#setting.identified())) this.#setting.ended('revoked');
    } catch {
      // No answer: the link goes on trying.
    }
  }

  #hear(signal: Signal): void {
    if (signal === 'online') this.connection.online();
    if (signal === 'offline') this.connection.offline();
    if (signal === 'focus') this.link.retry();
    if (signal === 'blur') this.drafts.flush();
    if (signal === 'focus' || signal === 'blur') {
      this.conversation?.reading.focusChanged();
      this.away.focusChanged();
    }
  }

  // Internal

  #end(): void {
    this.#deaf();
    this.drafts.flush();
    this.conversation?.leave();
    this.messages.stop();
    this.outbox.stop();
    this.rooms.stop();
    this.connection.stop();
    this.away.stop();
    this.link.close();
  }

  #conversation(key: string): Conversation {
    const known = this.#conversations.get(key);
    const conversation = known ?? new Conversation(key, this);
    this.#conversations.set(key, conversation);
    return conversation;
  }

  #delivered(entry: OutboxEntry, message: Message): void {
    const { lane, from, to } = entry.record;
    const room = this.rooms.get(message.room);
    if (room) {
      room.show(message);
      this.rooms.apply(message.room, { rev: message.rev, message });
      this.outbox.settle(lane);
    }
    const person = to === undefined ? undefined : this.people.get(to);
    if (person && from !== lane) this.#conversations.get(from)?.composer.arrived(person);
  }

  #edited(entry: OutboxEntry): void {
    const { from, to, body } = entry.record;
    this.open(from);
    this.#conversation(from).composer.restore(body, to);
  }
}
