import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { openDisk } from '../lib/disk';
import { Chat } from '../model/chat.svelte';
import type { Conversation } from '../model/conversation.svelte';
import type { MessageRow } from '../model/rows';
import { TABLES, type Tables } from '../model/tables';
import type { EndReason } from '../model/client.svelte';
import { FakeHost, settled } from './fakehost';
import { FakeLink } from './fakelink';
import { FakeServer } from './fakeserver';
import { ENGLISH } from './speech';

/** One person at one page. `reload` is the same person at the same device, on a new page. */
export class Person {
  readonly host: FakeHost;
  readonly server: FakeServer;
  readonly link: FakeLink;
  readonly chat: Chat;
  /** Reasons with which the session ended. */
  readonly ended: EndReason[] = [];
  identified = true;
  readonly #name: string;

  private constructor(server: FakeServer, name: string, host: FakeHost, link: FakeLink, chat: (p: Person) => Chat) {
    this.server = server;
    this.#name = name;
    this.host = host;
    this.link = link;
    this.chat = chat(this);
  }

  /** Opens the page; `prepare` may cut the link first. */
  static async at(
    server: FakeServer,
    name: string,
    options: { host?: FakeHost; prepare?: (link: FakeLink) => void } = {},
  ): Promise<Person> {
    const host = options.host ?? new FakeHost();
    const account = server.user(name);
    const link = new FakeLink(server, account.id);
    options.prepare?.(link);
    const disk = await openDisk<Tables>(`parley-${account.id}`, TABLES);
    const person = new Person(
      server,
      name,
      host,
      link,
      (p) =>
        new Chat({
          account,
          host,
          link,
          disk,
          files: server,
          speech: ENGLISH,
          identified: async () => p.identified,
          ended: (reason) => p.ended.push(reason),
        }),
    );
    await person.chat.start();
    await settled();
    return person;
  }

  /** The page goes away without a word, and comes again on the same device. */
  async reload(prepare?: (link: FakeLink) => void): Promise<Person> {
    this.link.close();
    this.chat.outbox.stop();
    this.chat.rooms.stop();
    return Person.at(this.server, this.#name, { host: this.host, ...(prepare && { prepare }) });
  }

  async open(key: string): Promise<Conversation> {
    this.chat.open(key);
    await settled();
    return this.here;
  }

  /** The open conversation. */
  get here(): Conversation {
    if (!this.chat.conversation) throw new Error('no conversation is open');
    return this.chat.conversation;
  }

  get rows(): MessageRow[] {
    return this.here.rows.filter((row) => row.kind === 'message');
  }

  /** The text of the rows. */
  get texts(): string[] {
    return this.rows.map((row) => row.body);
  }

  /** Writes to the open conversation as the composer is armed. */
  async write(text: string): Promise<void> {
    this.here.composer.write(text);
    this.here.composer.send();
    await settled();
  }
}

/** A device that has no data yet. */
export function newDevice(): void {
  globalThis.indexedDB = new IDBFactory();
}
