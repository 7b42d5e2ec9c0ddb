import type { Answer, Me, Routes, ServerSettings, User } from '../wire';
import { RequestError } from './requesterror';

const TIMEOUT_MS = 10_000;
const NO_ANSWER = 'no answer from the server';

export interface Login {
  name: string;
  password: string;
  /** True: an unknown name is answered `new_name` and nothing is created. */
  ask_new: boolean;
  /** The code with which somebody new may come in. */
  invite?: string;
}

/** The part of the HTTP API that is needed before a socket is. The cookie is the browser's affair. */
export class Rest {
  readonly #fetch: typeof fetch;

  constructor(send: typeof fetch) {
    this.#fetch = send;
  }

  login(login: Login): Promise<{ user: User; created: boolean }> {
    return this.#ask('POST', 'login', login);
  }

  async logout(): Promise<void> {
    await this.#ask('POST', 'logout', {});
  }

  /** What anybody may know of the server. */
  async server(): Promise<ServerSettings> {
    const { server } = await this.#ask<Routes['server']>('GET', 'server');
    return server;
  }

  async me(): Promise<Me> {
    const { me } = await this.#ask<Routes['me']>('GET', 'me');
    return me;
  }

  async #ask<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await this.#json<T>(method, path, body);
    if (!answer.ok) throw RequestError.from(answer.error);
    return answer;
  }

  async #json<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
    try {
      const response = await this.#fetch(`/api/v1/${path}`, {
        method,
        body: body && JSON.stringify(body),
        headers: body && { 'Content-Type': 'application/json' },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return (await response.json()) as Answer<T>;
    } catch {
      // Refused connections, time-outs and a proxy's HTML page are the same to a person.
      throw new RequestError('offline', NO_ANSWER);
    }
  }
}
