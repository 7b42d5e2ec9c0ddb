import type { Casts, Events, Requests } from '../wire';

/** A connection to the server that mends itself. It is up from the server's `ready` until the connection breaks. */
export interface Link {
  readonly up: boolean;
  /** What the server calls this connection; undefined while there is none. */
  readonly id: string | undefined;
  /** Begins to connect, and goes on until `close`. */
  open(handlers: LinkHandlers): void;
  close(): void;
  /** Connects now instead of waiting for the next attempt. */
  retry(): void;
  /** Rejects with a RequestError: the server's refusal, `offline` (not sent), or `timeout` (unknown). */
  request<E extends keyof Requests>(event: E, payload: Requests[E]['in']): Promise<Requests[E]['out']>;
  /** Sends what may be lost. */
  cast<E extends keyof Casts>(event: E, payload: Casts[E]): void;
}

export type ServerEvent = { [E in keyof Events]: { name: E; payload: Events[E] } }[keyof Events];

export interface LinkHandlers {
  up(ready: Events['ready']): void;
  down(): void;
  /** Connected, and the server does not know who we are. */
  unidentified(): void;
  /** Every server event but `ready`. */
  event(event: ServerEvent): void;
}
