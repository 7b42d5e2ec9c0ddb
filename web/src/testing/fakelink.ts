import type { Link, LinkHandlers, ServerEvent } from '../net/link';
import { RequestError } from '../net/requesterror';
import type { Casts, Id, Requests } from '../wire';
import type { Listener } from './fakehall';
import type { FakeServer } from './fakeserver';

/** A link to a FakeServer that a test can cut, and whose events it can lose, double and delay. */
export class FakeLink implements Link {
  up = false;
  readonly id = 'mine-and-more';
  /** While false, nobody answers. */
  reachable = true;
  /** The answers to this many of the next sends get lost; the server has carried them out. */
  lostAnswers = 0;
  /** What becomes of an event; the default hands it on. */
  onEvent: (event: ServerEvent, deliver: (event: ServerEvent) => void) => void = (event, deliver) => deliver(event);
  readonly casts: unknown[] = [];
  /** The requests made, in order. */
  readonly asked: string[] = [];
  retries = 0;

  #handlers: LinkHandlers | undefined;
  readonly #server: FakeServer;
  readonly #listener: Listener;

  constructor(server: FakeServer, user: Id) {
    this.#server = server;
    this.#listener = {
      user,
      focused: new Set(),
      hear: (event) => this.onEvent(event, (delivered) => this.#handlers?.event(delivered)),
    };
  }

  open(handlers: LinkHandlers): void {
    this.#handlers = handlers;
    if (this.reachable) this.connect();
  }

  close(): void {
    this.#handlers = undefined;
    this.up = false;
    this.#server.listeners.delete(this.#listener);
  }

  retry(): void {
    this.retries++;
  }

  async request<E extends keyof Requests>(event: E, payload: Requests[E]['in']): Promise<Requests[E]['out']> {
    if (!this.up) throw new RequestError('offline', 'No connection.');
    this.asked.push(event);
    const { user, focused } = this.#listener;
    const answer = structuredClone(this.#server.answer(user, event, structuredClone(payload), focused));
    await Promise.resolve();
    if (event === 'message:send' && this.lostAnswers > 0) {
      this.lostAnswers--;
      throw new RequestError('timeout', 'No answer from the server.');
    }
    if (!this.up) throw new RequestError('offline', 'No connection.');
    return answer;
  }

  cast<E extends keyof Casts>(event: E, payload: Casts[E]): void {
    this.casts.push({ event, ...payload });
  }

  // For tests

  connect(): void {
    this.reachable = true;
    this.up = true;
    this.#listener.focused.clear();
    this.#server.listeners.add(this.#listener);
    this.#handlers?.up(structuredClone(this.#server.ready(this.#listener.user)));
  }

  cut(): void {
    this.reachable = false;
    this.up = false;
    this.#server.listeners.delete(this.#listener);
    this.#handlers?.down();
  }

  unidentified(): void {
    this.#handlers?.unidentified();
  }

  hear(event: ServerEvent): void {
    this.#handlers?.event(event);
  }
}
