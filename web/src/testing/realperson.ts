import type { Notes } from '../lib/host';
import { openDisk } from '../lib/disk';
import { Chat } from '../model/chat.svelte';
import { Client } from '../model/client.svelte';
import type { Conversation } from '../model/conversation.svelte';
import type { MessageRow } from '../model/rows';
import { TABLES, type Tables } from '../model/tables';
import { Rest } from '../net/rest';
import { HttpUploader } from '../net/uploader';
import { SocketLink } from '../net/socketlink';
import { FakeHost } from './fakehost';
import type { RealServer } from './realserver';
import { ENGLISH } from './speech';

/** A page in real time: a browser's cookie jar, its notes and its signals, without a browser. */
export class RealPerson {
  cookie = '';
  readonly client: Client;
  readonly host: RealHost;
  readonly #server: RealServer;

  constructor(server: RealServer, before?: RealPerson) {
    this.#server = server;
    this.host = new RealHost(before?.host);
    this.cookie = before?.cookie ?? '';
    const rest = new Rest((path, init) => this.#fetch(String(path), init));
    this.client = new Client(this.host, rest, ENGLISH, async (account, ended) => {
      const link = new SocketLink(this.host, {
        url: server.url,
        headers: { Cookie: this.cookie, Origin: server.url },
      });
      const disk = await openDisk<Tables>(`parley-${account.id}`, TABLES);
      const identified = async () => (await rest.me()).id === account.id;
      const chat = new Chat({
        account,
        host: this.host,
        link,
        disk,
        files: new HttpUploader(),
        speech: ENGLISH,
        identified,
        ended,
      });
      await chat.start();
      return chat;
    });
  }

  get chat(): Chat {
    if (!this.client.chat) throw new Error('not signed in');
    return this.client.chat;
  }

  get here(): Conversation {
    if (!this.chat.conversation) throw new Error('no conversation is open');
    return this.chat.conversation;
  }

  get rows(): MessageRow[] {
    return this.here.rows.filter((row) => row.kind === 'message');
  }

  get texts(): string[] {
    return this.rows.map((row) => row.body);
  }

  async signIn(name: string, password: string): Promise<void> {
    const { signIn } = this.client;
    Object.assign(signIn, { name, password });
    await signIn.submit();
  }

  write(text: string): void {
    this.here.composer.write(text);
    this.here.composer.send();
  }

  /** The page goes away without a word. */
  vanish(): void {
    this.client.chat?.link.close();
    this.client.chat?.outbox.stop();
  }

  async #fetch(path: string, init: RequestInit | undefined): Promise<Response> {
    const headers = { ...(init?.headers as Record<string, string>), Cookie: this.cookie };
    const response = await fetch(this.#server.url + path, { ...init, headers });
    const set = response.headers.getSetCookie()[0];
    if (set) this.cookie = set.split(';')[0] ?? '';
    return response;
  }
}

/** Real time; the rest is set by the test. */
class RealHost extends FakeHost {
  override readonly notes: Notes;

  constructor(before?: RealHost) {
    super();
    this.notes = before?.notes ?? new FakeHost().notes;
  }

  override now(): number {
    return Date.now();
  }

  override after(ms: number, run: () => void): () => void {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  }
}
