import { io, type Socket } from 'socket.io-client';
import { Backoff } from '../lib/backoff';
import type { Host } from '../lib/host';
import { PROTO, type Answer, type Casts, type ErrorCode, type Events, type Requests } from '../wire';
import type { Link, LinkHandlers, ServerEvent } from './link';
import { RequestError } from './requesterror';

const ANSWER_WITHIN_MS = 10_000;
const READY_WITHIN_MS = 5_000;

export interface SocketLinkOptions {
  /** Where the server is; default: where the page came from. */
  url?: string;
  /** Headers of the handshake, outside of a browser, which sends its cookie and origin by itself. */
  headers?: Record<string, string>;
}

/** A link over Socket.IO. The waits between attempts are its own, so that an attempt can be made at once. */
export class SocketLink implements Link {
  up = false;

  #handlers: LinkHandlers | undefined;
  #cancel: () => void = () => undefined;
  /** The next attempt waits for its time. */
  #waiting = false;
  /** How long the server asked to stay away, when it announced that it stops. */
  #drainMs: number | undefined;
  readonly #host: Host;
  readonly #backoff: Backoff;
  readonly #socket: Socket;

  constructor(host: Host, options: SocketLinkOptions = {}) {
    this.#host = host;
    this.#backoff = new Backoff(() => host.random());
    this.#socket = io(options.url ?? '/', {
      autoConnect: false,
      forceNew: true,
      reconnection: false,
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      auth: { client: 'parley-web/1', proto: PROTO, delivery: 'focus' },
      ...(options.headers && { extraHeaders: options.headers }),
    });
    this.#socket.on('connect', () => this.#connected());
    this.#socket.on('connect_error', (error) => this.#failed(error));
    this.#socket.on('disconnect', () => this.#disconnected());
    this.#socket.onAny((name: keyof Events, payload: unknown) => this.#hear(name, payload));
  }

  get id(): string | undefined {
    return this.#socket.id;
  }

  open(handlers: LinkHandlers): void {
    this.#handlers = handlers;
    this.#connect();
  }

  close(): void {
    this.#handlers = undefined;
    this.up = false;
    this.#waiting = false;
    this.#cancel();
    this.#socket.disconnect();
  }

  retry(): void {
    if (this.#waiting) this.#connect();
  }

  async request<E extends keyof Requests>(event: E, payload: Requests[E]['in']): Promise<Requests[E]['out']> {
    if (!this.up) throw new RequestError('offline', 'No connection.');
    const answer = await this.#ask<Requests[E]['out']>(event, payload);
    if (!answer.ok) throw RequestError.from(answer.error);
    return answer;
  }

  cast<E extends keyof Casts>(event: E, payload: Casts[E]): void {
    this.#socket.volatile.emit(event, payload);
  }

  // Internal

  async #ask<T>(event: string, payload: object): Promise<Answer<T>> {
    try {
      return (await this.#socket.timeout(ANSWER_WITHIN_MS).emitWithAck(event, payload)) as Answer<T>;
    } catch {
      if (!this.up) throw new RequestError('offline', 'No connection.');
      // Nothing came back on a connection that calls itself open: it may be half dead, and a new one is not.
      this.#socket.disconnect();
      throw new RequestError('timeout', 'No answer from the server.');
    }
  }

  #connected(): void {
    this.#cancel();
    this.#cancel = this.#host.after(READY_WITHIN_MS, () => this.#handlers?.unidentified());
  }

  #hear(name: keyof Events, payload: unknown): void {
    if (name === 'ready') return this.#ready(payload as Events['ready']);
    if (name === 'server:draining') this.#drainMs = (payload as Events['server:draining']).retry_ms;
    this.#handlers?.event({ name, payload } as ServerEvent);
  }

  #ready(ready: Events['ready']): void {
    this.#cancel();
    this.#backoff.reset();
    this.up = true;
    this.#handlers?.up(ready);
  }

  #failed(error: Error & { data?: { code?: ErrorCode } }): void {
    if (error.data?.code === 'unauthorized') this.#handlers?.unidentified();
    this.#later();
  }

  #disconnected(): void {
    const wasUp = this.up;
    this.up = false;
    if (wasUp) this.#handlers?.down();
    this.#later();
  }

  #later(): void {
    this.#cancel();
    if (!this.#handlers) return;
    const wait = this.#drainMs ?? this.#backoff.next();
    this.#drainMs = undefined;
    this.#waiting = true;
    this.#cancel = this.#host.after(wait, () => this.#connect());
  }

  #connect(): void {
    this.#cancel();
    this.#waiting = false;
    this.#socket.connect();
  }
}
