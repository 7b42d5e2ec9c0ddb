import type { Host } from '../lib/host';
import { RequestError } from '../net/requesterror';
import type { Rest } from '../net/rest';
import type { Events, ShortUser, User } from '../wire';
import type { Chat } from './chat.svelte';
import { SignIn } from './signin.svelte';
import type { Speech } from './words';

const ACCOUNT = 'parley.account';
const DEFAULT_TITLE = 'Parley';

export type EndReason = Events['session:revoked']['reason'];

type SessionApi = Pick<Rest, 'login' | 'logout' | 'me' | 'server'>;

/** Opens the chat of an account; `ended` is called when the server no longer knows its session. */
export type OpenChat = (account: ShortUser, ended: (reason: EndReason) => void) => Promise<Chat>;

/** The root of what the page shows: one per page. */
export class Client {
  readonly signIn: SignIn;
  /** `starting` until it is known whether somebody is signed in. */
  phase: 'starting' | 'sign-in' | 'chat' = $state('starting');
  /** Defined exactly while `phase` is `chat`. */
  chat: Chat | undefined = $state.raw();

  #ended: EndReason | undefined = $state();
  /** The session ends because somebody here said so. */
  #leaving = false;
  readonly #host: Host;
  readonly #rest: SessionApi;
  readonly #speech: Speech;
  readonly #openChat: OpenChat;

  constructor(host: Host, rest: SessionApi, speech: Speech, openChat: OpenChat) {
    this.#host = host;
    this.#rest = rest;
    this.#speech = speech;
    this.#openChat = openChat;
    this.signIn = new SignIn(host, rest, speech, (user, created) => this.#signedIn(user, created));
  }

  /** The document's title: "(3) Acme chat". */
  get title(): string {
    return this.chat?.title ?? this.signIn.server?.name ?? DEFAULT_TITLE;
  }

  /** Why this device was signed out, for a dialog; undefined: no dialog. */
  get ended(): string | undefined {
    return this.#ended && this.#speech.words.ended[this.#ended];
  }

  // Actions

  /** Counts on the icons what the title counts. Call it in an effect. */
  showBadge(): void {
    this.#host.badge(this.chat?.sidebar.count ?? 0);
  }

  /** Begins. The last account's chat opens from this device at once, before the server has answered. */
  async start(): Promise<void> {
    const remembered = this.#remembered();
    if (remembered) await this.#open(remembered).catch(() => undefined); // without its code: the sign-in
    await this.#identify();
  }

  dismissEnded(): void {
    this.#ended = undefined;
  }

  /** Ends the session on the server, and forgets what was cached; unsent words are kept for the same account. */
  async signOut(): Promise<void> {
    const chat = this.chat;
    if (!chat) return;
    this.#leaving = true;
    try {
      await this.#rest.logout();
    } catch (error) {
      this.#leaving = isUnauthorized(error);
      if (!this.#leaving) return chat.notices.add(this.#speech.words.signIn.stillIn);
    }
    this.#host.notes.remove(ACCOUNT);
    this.#showSignIn('');
    await chat.forget();
    this.#leaving = false;
  }

  // Internal

  async #identify(): Promise<void> {
    try {
      const user = await this.#rest.me();
      if (user.id !== this.chat?.me.id) await this.#open(user);
    } catch (error) {
      if (this.chat && !isUnauthorized(error)) return;
      if (this.chat) return this.#end('revoked');
      this.#showSignIn('');
    }
  }

  async #signedIn(user: User, created: boolean): Promise<void> {
    await this.#open(user);
    if (created) this.chat?.notices.add(this.#speech.words.signIn.welcome(user.display_name));
  }

  async #open(user: ShortUser): Promise<void> {
    this.chat?.stop();
    const account: ShortUser = { id: user.id, name: user.name, display_name: user.display_name };
    this.#host.notes.set(ACCOUNT, JSON.stringify(account));
    this.chat = await this.#openChat(account, (reason) => this.#end(reason));
    this.phase = 'chat';
    this.#ended = undefined;
  }

  #end(reason: EndReason): void {
    if (this.#leaving) return;
    const name = this.chat?.me.name ?? '';
    this.chat?.stop();
    this.#host.notes.remove(ACCOUNT);
    this.#showSignIn(name);
    this.#ended = reason;
  }

  #showSignIn(name: string): void {
    this.chat = undefined;
    this.phase = 'sign-in';
    if (name) this.signIn.name = name;
    void this.#askServer();
  }

  async #askServer(): Promise<void> {
    try {
      this.signIn.server = await this.#rest.server();
    } catch {
      // The form does without; its own answer tells what is wrong.
    }
  }

  #remembered(): ShortUser | undefined {
    const note = this.#host.notes.get(ACCOUNT);
    return note === undefined ? undefined : (JSON.parse(note) as ShortUser);
  }
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof RequestError && error.code === 'unauthorized';
}
