import { Backoff } from '../lib/backoff';
import type { Disk } from '../lib/disk';
import type { Host } from '../lib/host';
import { uuid } from '../lib/ids';
import type { Link } from '../net/link';
import { RequestError } from '../net/requesterror';
import type { Uploader } from '../net/uploader';
import type { Id, Limits, Message } from '../wire';
import { reason } from './reason';
import type { OutboxRecord, Tables } from './tables';
import { Uploads, type Upload } from './upload.svelte';
import type { Speech } from './words';

/** Words older than this are not sent behind anybody's back. */
export const FRESH_MS = 10 * 60_000;

export interface Target {
  room?: Id;
  to?: Id;
}

export interface Outgoing extends Target {
  /** The key of the conversation that it belongs to. */
  lane: string;
  /** The key of the conversation in which it was written. */
  from: string;
  body: string;
  /** The seq of the message that it answers. */
  reply_to?: number;
  uploads?: readonly Upload[];
}

/** What the outbox tells the rest of the model. */
export interface OutboxEvents {
  delivered(entry: OutboxEntry, message: Message): void;
  /** Refused for good. */
  failed(entry: OutboxEntry): void;
  /** [Edit] on an entry, which has left the queue. */
  edited(entry: OutboxEntry): void;
  /** [Review]: the conversation of the oldest words that wait. */
  review(lane: string): void;
}

export interface OutboxSetting {
  host: Host;
  disk: Disk<Tables>;
  link: Link;
  files: Uploader;
}

/** One message on its way. */
export class OutboxEntry {
  readonly record: OutboxRecord;
  /** `held`: too old to go without being asked for. */
  state: 'sending' | 'held' | 'failed' | 'sent' = $state('sending');
  /** For `failed`: "Not sent. The room is read-only."; ''. */
  problem = $state('');
  /** Its files, which may still be on their way. */
  readonly uploads: readonly Upload[];
  /** On the disk: may be emitted. */
  stored = false;
  /** Emits since the connection is up. */
  attempts = 0;

  constructor(record: OutboxRecord, uploads: readonly Upload[] = []) {
    this.record = record;
    this.uploads = uploads;
  }
}

/**
 * Messages on their way: written to the disk before the first emit, sent one at a time in each conversation in the order
 * written, and again with the same client id until the server has answered.
 */
export class Outbox {
  readonly uploads: Uploads;
  #entries: readonly OutboxEntry[] = $state.raw([]);
  #order = 0;
  #stopped = false;
  readonly #draining = new Set<string>(); // lanes
  readonly #host: Host;
  readonly #disk: Disk<Tables>;
  readonly #link: Link;
  readonly #speech: Speech;
  readonly #events: OutboxEvents;

  constructor(setting: OutboxSetting, speech: Speech, events: OutboxEvents) {
    const { host, disk, link, files } = setting;
    this.uploads = new Uploads(host, files, speech);
    this.#host = host;
    this.#disk = disk;
    this.#link = link;
    this.#speech = speech;
    this.#events = events;
  }

  /** Written and not yet acknowledged or refused. */
  get waiting(): number {
    return this.#entries.filter((entry) => entry.state === 'sending' || entry.state === 'held').length;
  }

  /** "3 messages have been waiting for 2 hours." with [Send now] and [Review]; '' for none. */
  get staleText(): string {
    const held = this.#held;
    const [oldest] = held;
    if (!oldest) return '';
    return this.#speech.words.link.stale(held.length, this.#host.now() - oldest.record.writtenAt);
  }

  /** What is shown below the messages of a conversation, in the order written. */
  of(lane: string): readonly OutboxEntry[] {
    return this.#entries.filter((entry) => entry.record.lane === lane);
  }

  async load(): Promise<void> {
    const records = (await this.#disk.all('outbox')).toSorted((a, b) => a.order - b.order);
    this.#entries = records.map((record) => {
      const entry = new OutboxEntry(
        record,
        record.files?.map((file) => this.uploads.resume(file)),
      );
      entry.stored = true;
      if (record.refused !== undefined) this.#fail(entry, record.refused);
      else if (this.#isOld(record)) entry.state = 'held';
      return entry;
    });
    this.#order = records.at(-1)?.order ?? 0;
  }

  stop(): void {
    this.#stopped = true;
  }

  // Actions

  /** Takes a message. It is shown at once, and sent when it is on the disk. */
  async add(message: Outgoing): Promise<void> {
    const now = this.#host.now();
    const { uploads = [], ...words } = message;
    const files = uploads.length > 0 && { files: uploads.map((upload) => upload.record) };
    const record = { cid: uuid(), order: ++this.#order, ...words, ...files, writtenAt: now, freshAt: now };
    const entry = new OutboxEntry(record, uploads);
    this.#entries = [...this.#entries, entry];
    await this.#store(entry);
    void this.#drain(message.lane);
  }

  sendStale(): void {
    for (const entry of this.#held) this.#again(entry);
  }

  reviewStale(): void {
    const [oldest] = this.#held;
    if (oldest) this.#events.review(oldest.record.lane);
  }

  /** For an entry that is `failed` or `held`. */
  retry(cid: string): void {
    const entry = this.#find(cid);
    if (entry) this.#again(entry);
  }

  /** Back into the composer of its conversation, and out of the queue. */
  edit(cid: string): void {
    const entry = this.#find(cid);
    if (!entry) return;
    this.discard(cid);
    this.#events.edited(entry);
  }

  discard(cid: string): void {
    if (!this.#find(cid)) return;
    this.#remove(cid);
  }

  /** Forgets the acknowledged entries of a conversation whose messages are at hand by now. */
  settle(lane: string): void {
    this.#entries = this.#entries.filter((entry) => entry.record.lane !== lane || entry.state !== 'sent');
  }

  // Events

  /** The connection is up: everything that may go goes. */
  up(limits: Limits): void {
    this.uploads.up(limits);
    for (const entry of this.#entries) entry.attempts = 0;
    for (const lane of new Set(this.#entries.map((entry) => entry.record.lane))) void this.#drain(lane);
  }

  // Internal

  get #held(): OutboxEntry[] {
    return this.#entries.filter((entry) => entry.state === 'held');
  }

  /** An entry that a person may act on. */
  #find(cid: string): OutboxEntry | undefined {
    return this.#entries.find((entry) => entry.record.cid === cid && ['failed', 'held'].includes(entry.state));
  }

  #again(entry: OutboxEntry): void {
    entry.record.freshAt = this.#host.now();
    delete entry.record.refused;
    entry.attempts = 0;
    entry.problem = '';
    for (const upload of entry.uploads) this.uploads.retry(upload);
    entry.state = 'sending';
    void this.#store(entry).then(() => this.#drain(entry.record.lane));
  }

  async #store(entry: OutboxEntry): Promise<void> {
    try {
      await this.#disk.put('outbox', entry.record.cid, entry.record);
    } catch {
      // A full disk must not keep words from being sent: this page still has them.
    }
    entry.stored = true;
  }

  #remove(cid: string): void {
    this.#entries = this.#entries.filter((entry) => entry.record.cid !== cid);
    void this.#disk.remove('outbox', cid);
  }

  async #drain(lane: string): Promise<void> {
    if (this.#draining.has(lane)) return;
    this.#draining.add(lane);
    const backoff = new Backoff(() => this.#host.random());
    for (;;) {
      const entry = this.of(lane).find((waiting) => waiting.state === 'sending');
      if (!entry?.stored || !this.#link.up || this.#stopped) break;
      await this.#attempt(entry, backoff);
    }
    this.#draining.delete(lane);
  }

  async #attempt(entry: OutboxEntry, backoff: Backoff): Promise<void> {
    const { record } = entry;
    if (this.#isOld(record) && entry.attempts === 0) {
      entry.state = 'held';
      return;
    }
    entry.attempts++;
    const { cid, body, room, to, reply_to } = record;
    const files = await this.#uploaded(entry);
    if (!files) return;
    try {
      const target = room === undefined ? { to } : { room };
      const { message } = await this.#link.request('message:send', {
        ...target,
        cid,
        body,
        ...(reply_to && { reply_to }),
        ...(files.length > 0 && { files }),
      });
      this.#delivered(entry, message);
    } catch (error) {
      await this.#refused(entry, error, backoff);
    }
  }

  /** The ids of a message's files once the server has them; undefined when one was refused. */
  async #uploaded(entry: OutboxEntry): Promise<Id[] | undefined> {
    for (const upload of entry.uploads) {
      await upload.settled();
      if (upload.id !== undefined) continue;
      this.#fail(entry, upload.problem);
      return void this.#events.failed(entry);
    }
    return entry.uploads.flatMap((upload) => upload.id ?? []);
  }

  #delivered(entry: OutboxEntry, message: Message): void {
    entry.state = 'sent';
    void this.#disk.remove('outbox', entry.record.cid);
    this.#events.delivered(entry, message);
  }

  async #refused(entry: OutboxEntry, error: unknown, backoff: Backoff): Promise<void> {
    const passing = error instanceof RequestError && error.passing;
    if (!passing || (this.#isOld(entry.record) && error.code !== 'offline')) {
      entry.record.refused = reason(error, this.#speech.words);
      this.#fail(entry, entry.record.refused);
      void this.#store(entry);
      return this.#events.failed(entry);
    }
    if (error.code === 'offline') return;
    const wait = error.retryMs ?? backoff.next();
    await new Promise<void>((resume) => void this.#host.after(wait, resume));
  }

  #fail(entry: OutboxEntry, why: string): void {
    entry.state = 'failed';
    entry.problem = this.#speech.words.notSent(why);
  }

  #isOld(record: OutboxRecord): boolean {
    return this.#host.now() - record.freshAt > FRESH_MS;
  }
}
