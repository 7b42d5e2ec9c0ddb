import type { Host } from '../lib/host';
import { RequestError } from '../net/requesterror';
import type { Rest } from '../net/rest';
import type { ServerSettings, User } from '../wire';
import { reason } from './reason';
import type { Speech, Words } from './words';

const THROTTLED_UNTIL = 'parley.throttled-until';
const THROTTLE_DEFAULT_MS = 30_000;

export type SignInState = 'idle' | 'submitting' | 'new-name' | 'wrong-password' | 'throttled' | 'no-answer' | 'refused';

export type SignInField = 'name' | 'password' | 'passwordAgain' | 'invite';

const FIELDS: readonly SignInField[] = ['name', 'password', 'invite'];

/** The sign-in card. `name`, `password`, `passwordAgain` and `invite` are bound to its fields. */
export class SignIn {
  name = $state('');
  password = $state('');
  passwordAgain = $state('');
  /** The code of an invitation. */
  invite = $state('');
  /** What the server says of itself; undefined until it has answered. */
  server: ServerSettings | undefined = $state.raw();

  /**
   * - `idle`: the form.
   * - `submitting`: the button is busy; a second submit does nothing.
   * - `new-name`: the same card asks "Nobody here is called Zoe yet. Create the account?".
   * - `wrong-password`: the alertdialog "Incorrect username or password".
   * - `throttled`: "Too many attempts. Try again in 30 seconds."; counts down, survives a reload, ends as `idle`.
   * - `no-answer`: "No answer from the server. Check your connection and try again."
   * - `refused`: `message` says why, `field` where.
   */
  state: SignInState = $state('idle');
  /** True while the new-name card is shown, also while it submits and when what it sent was refused. */
  creating = $state(false);
  field: SignInField | undefined = $state();
  /** The name that `new-name` asks about. */
  newName = $state('');
  /** Left of `throttled`. */
  secondsLeft = $state(0);

  #invited = $state(false);
  /** In whatever language is in use when it is read. */
  #reason: (words: Words) => string = $state.raw(() => '');
  readonly #host: Host;
  readonly #rest: Pick<Rest, 'login'>;
  readonly #speech: Speech;
  readonly #done: (user: User, created: boolean) => Promise<void>;

  /** `done` opens what comes after; until then the button stays busy. */
  constructor(
    host: Host,
    rest: Pick<Rest, 'login'>,
    speech: Speech,
    done: (user: User, created: boolean) => Promise<void>,
  ) {
    this.#host = host;
    this.#rest = rest;
    this.#speech = speech;
    this.#done = done;
    this.#countDown();
  }

  /** Who is new needs an invitation, or came with one. */
  get asksInvite(): boolean {
    return this.#invited || this.server?.registration === 'invite';
  }

  /** The text that belongs to the state; '' when there is none. */
  get message(): string {
    const { words } = this.#speech;
    switch (this.state) {
      case 'new-name':
        return words.signIn.ask(this.newName);
      case 'wrong-password':
        return words.signIn.wrong;
      case 'throttled':
        return words.signIn.throttled(this.secondsLeft * 1000);
      case 'no-answer':
      case 'refused':
        return this.#reason(words);
      default:
        return '';
    }
  }

  // Actions

  /** Somebody followed the link of an invitation. */
  follow(code: string): void {
    this.#invited = true;
    this.invite = code;
  }

  /** Signs in. A name that nobody has leads to `new-name`. */
  async submit(): Promise<void> {
    if (this.creating || this.#busy) return;
    this.name = this.name.trim();
    if (this.name === '') return this.#refuse((words) => words.signIn.missingName, 'name');
    if (this.password === '') return this.#refuse((words) => words.signIn.missingPassword, 'password');
    await this.#login(true);
  }

  /** From `new-name`: creates the account if the passwords agree. */
  async createAccount(): Promise<void> {
    if (!this.creating || this.#busy) return;
    if (this.passwordAgain !== this.password) {
      return this.#refuse((words) => words.signIn.notTheSame, 'passwordAgain');
    }
    await this.#login(false);
  }

  /** From `new-name` to `idle`. */
  back(): void {
    this.creating = false;
    this.passwordAgain = '';
    this.#become('idle');
  }

  /** From `wrong-password` to `idle`. The name stays. */
  tryAgain(): void {
    this.#become('idle');
  }

  // Internal

  get #busy(): boolean {
    return this.state === 'submitting' || this.state === 'throttled';
  }

  async #login(askNew: boolean): Promise<void> {
    const { name, password } = this;
    const invite = this.asksInvite ? this.invite.trim() : '';
    this.#become('submitting');
    try {
      const given = { name, password, ask_new: askNew, ...(invite && { invite }) };
      const { user, created } = await this.#rest.login(given);
      await this.#done(user, created);
      this.password = '';
      this.back();
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    const code = error instanceof RequestError ? error.code : 'internal';
    if (code === 'new_name') {
      this.creating = true;
      this.newName = this.name;
      this.passwordAgain = '';
      return this.#become('new-name');
    }
    if (code === 'bad_credentials') {
      this.back();
      return this.#become('wrong-password');
    }
    if (code === 'rate_limited' && error instanceof RequestError) {
      const wait = error.retryMs ?? THROTTLE_DEFAULT_MS;
      this.#host.notes.set(THROTTLED_UNTIL, String(this.#host.now() + wait));
      return this.#countDown();
    }
    if (code === 'offline') {
      this.#reason = (words) => words.signIn.noAnswer;
      return this.#become('no-answer');
    }
    const said = error instanceof RequestError ? error.field : undefined;
    const field = FIELDS.find((known) => known === said);
    if (field === 'invite') this.back(); // it is asked in the form
    this.#refuse((words) => reason(error, words), field);
  }

  #countDown(): void {
    const until = Number(this.#host.notes.get(THROTTLED_UNTIL) ?? 0);
    const left = Math.ceil((until - this.#host.now()) / 1000);
    if (left > 0) {
      this.secondsLeft = left;
      this.state = 'throttled';
      this.#host.after(1000, () => this.#countDown());
      return;
    }
    this.#host.notes.remove(THROTTLED_UNTIL);
    if (this.state === 'throttled') this.#become(this.creating ? 'new-name' : 'idle');
  }

  #refuse(why: (words: Words) => string, field: SignInField | undefined): void {
    this.#become('refused');
    this.#reason = why;
    this.field = field;
  }

  #become(state: SignInState): void {
    this.state = state;
    this.field = undefined;
  }
}
