import type { File, Id, Message, Reaction, ShortUser } from '../wire';
import type { OutboxEntry } from './outbox.svelte';
import type { Upload } from './upload.svelte';
import type { Divider } from './view.svelte';
import type { Speech } from './words';

const GROUP_GAP_MS = 5 * 60_000;
const TOMBSTONE_MS = 24 * 60 * 60_000;

export type Row = DayRow | DividerRow | MessageRow;

export interface DayRow {
  readonly kind: 'day';
  readonly key: string;
  /** "Today", "Yesterday", "Saturday, 21 November". */
  readonly text: string;
}

export interface DividerRow {
  readonly kind: 'divider';
  readonly key: string;
  /** "New · 4 messages". */
  readonly text: string;
}

/** A message. Rows are immutable: a changed message is a new object under the same key, an unchanged one the same. */
export interface MessageRow {
  readonly kind: 'message';
  /** The same before and after the acknowledgement. */
  readonly key: string;
  /** Undefined until the server has given it a place. */
  readonly seq: number | undefined;
  /** The client's id of an own message. */
  readonly cid: string | undefined;
  /** With the name that the author has now. */
  readonly author: ShortUser;
  readonly mine: boolean;
  /** As it was written: markdown. */
  readonly body: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** "09:12". */
  readonly time: string;
  readonly fullTime: string;
  /** RFC 3339, for `<time datetime>`. */
  readonly datetime: string;
  /** True: starts a group, show avatar and name. */
  readonly heading: boolean;
  /** "Ann, 09:12", in a direct conversation "Ann, 09:12, private to you": the article's label. */
  readonly label: string;
  /** `sent` for everything that is on the server; `held` waits for [Send now]. */
  readonly state: 'sending' | 'sent' | 'failed' | 'held';
  /** For `failed`: "Not sent. The room is read-only."; ''. */
  readonly problem: string;
  readonly deleted: boolean;
  readonly system: boolean;
  readonly edited: boolean;
  readonly mentionsMe: boolean;
  /** The seq of the message that it answers. */
  readonly replyTo: number | undefined;
  /** Of an answer: the seq of the message that began its thread. */
  readonly thread: number | undefined;
  /** How many answers there are in the thread that it began. */
  readonly replies: number;
  readonly reactions: readonly Reaction[];
  readonly files: readonly File[];
  /** Files of an own message that the server does not have yet. */
  readonly uploads: readonly Upload[];
  readonly pinned: boolean;
}

export interface RowSources {
  messages: Iterable<Message>;
  /** Own messages that are not among `messages`. */
  pending: Iterable<OutboxEntry>;
  divider: Divider | undefined;
  now: number;
  /** Changes when a name may have. */
  names: number;
}

/** What a builder needs to know of its conversation. */
export interface RowContext {
  readonly me: ShortUser;
  readonly speech: Speech;
  nameOf(user: Id, known?: ShortUser): string;
  /** For labels: whom an own message is private to; undefined in rooms. */
  privateTo(): string | undefined;
}

type Source = Message | OutboxEntry;

/**
 * Builds the rows of one conversation. A row that did not change is the same object as before, and the rows above the
 * first change are not looked at again: a new message costs little, however many are held.
 */
export class RowBuilder {
  #rows: Row[] = [];
  #sources: Source[] = [];
  /** How many rows there are up to and with each source. */
  #ends: number[] = [];
  /** What `#rows` was built for, besides its sources. */
  #frame: Pick<RowSources, 'divider' | 'names' | 'now'> = { divider: undefined, names: 0, now: 0 };
  /** The language that `#rows` was built in. */
  #times: Speech['times'] | undefined;
  /** The row that was built last from each source. */
  #built = new WeakMap<Source, MessageRow>();
  readonly #context: RowContext;

  constructor(context: RowContext) {
    this.#context = context;
  }

  build(given: RowSources): Row[] {
    const { times } = this.#context.speech;
    const respoken = times !== this.#times;
    if (respoken || given.names !== this.#frame.names) this.#built = new WeakMap();
    this.#times = times;
    const sources: Source[] = [];
    for (const message of given.messages) if (!isGone(message, given.now)) sources.push(message);
    for (const entry of given.pending) sources.push(entry);

    const kept = respoken ? 0 : this.#unchanged(sources, given);
    this.#rows = this.#rows.slice(0, this.#ends[kept - 1] ?? 0);
    this.#ends.length = kept;
    this.#sources = sources;
    this.#frame = given;
    for (const source of sources.slice(kept)) this.#add(source);
    return this.#rows;
  }

  // Internal

  /** How many of the sources, from the first on, have the rows that they had. */
  #unchanged(sources: Source[], { divider, names, now }: RowSources): number {
    const frame = this.#frame;
    const framed =
      divider === frame.divider && names === frame.names && this.#context.speech.times.sameDay(now, frame.now);
    if (!framed) return 0;
    const changed = sources.findIndex((source, at) => source !== this.#sources[at] || !this.#isCurrent(source));
    return changed < 0 ? sources.length : changed;
  }

  /** Whether the row of a source still shows it; a message that changes is another object. */
  #isCurrent(source: Source): boolean {
    if (!('record' in source)) return true;
    const row = this.#built.get(source);
    return row?.state === source.state && row.problem === source.problem;
  }

  #add(source: Source): void {
    const rows = this.#rows;
    const built = this.#built.get(source);
    const at = built?.at ?? timeOf(source);
    const author = 'record' in source ? this.#context.me.id : source.author.id;
    const last = rows.findLast((row) => row.kind === 'message');
    const isNewDay = !last || !this.#context.speech.times.sameDay(last.at, at);
    const isNew = 'seq' in source && source.seq === this.#frame.divider?.seq;
    if (isNewDay) rows.push({ kind: 'day', key: `d${at}`, text: this.#context.speech.times.day(at, this.#frame.now) });
    if (isNew) rows.push({ kind: 'divider', key: 'divider', text: this.#dividerText() });
    const heading = isNewDay || isNew || !isGrouped(last, author, at);
    const row = built?.heading === heading && this.#isCurrent(source) ? built : this.#row(source, at, heading);
    this.#built.set(source, row);
    this.#ends.push(rows.push(row));
  }

  #dividerText(): string {
    return this.#context.speech.words.feed.divider(this.#frame.divider?.count ?? 0);
  }

  #row(source: Source, at: number, heading: boolean): MessageRow {
    return 'record' in source ? this.#entry(source, at, heading) : this.#message(source, at, heading);
  }

  #message(message: Message, at: number, heading: boolean): MessageRow {
    const mine = message.author.id === this.#context.me.id;
    return {
      ...this.#base(keyOf(message), message.author, at, heading),
      body: message.body,
      seq: message.seq,
      cid: message.cid,
      state: 'sent',
      problem: '',
      deleted: message.deleted_at !== undefined,
      system: message.kind === 'system',
      edited: message.edited_at !== undefined,
      mentionsMe: !mine && message.mentions.some((id) => id === this.#context.me.id || id === 'everyone'),
      replyTo: message.reply_to,
      thread: message.thread,
      replies: message.replies ?? 0,
      reactions: message.reactions,
      files: message.files,
      uploads: [],
      pinned: message.pinned_at !== undefined,
    };
  }

  #entry(entry: OutboxEntry, at: number, heading: boolean): MessageRow {
    const { cid, body, reply_to } = entry.record;
    return {
      ...this.#base(keyOf(entry), this.#context.me, at, heading),
      body,
      seq: undefined,
      cid,
      state: entry.state,
      problem: entry.problem,
      deleted: false,
      system: false,
      edited: false,
      mentionsMe: false,
      replyTo: reply_to,
      thread: reply_to,
      replies: 0,
      reactions: [],
      files: [],
      uploads: entry.uploads,
      pinned: false,
    };
  }

  #base(key: string, by: ShortUser, at: number, heading: boolean) {
    const { me, nameOf } = this.#context;
    const { times } = this.#context.speech;
    const mine = by.id === me.id;
    const author = { ...by, display_name: nameOf(by.id, by) };
    const time = times.clock(at);
    return {
      kind: 'message' as const,
      key,
      author,
      mine,
      at,
      time,
      fullTime: times.full(at),
      datetime: new Date(at).toISOString(),
      heading,
      label: this.#label(author.display_name, mine, time),
    };
  }

  #label(author: string, mine: boolean, time: string): string {
    const privateTo = this.#context.privateTo();
    const { feed } = this.#context.speech.words;
    const who = mine ? feed.you : author;
    if (privateTo === undefined) return feed.label(who, time);
    return feed.labelPrivate(who, time, mine ? privateTo : feed.toYou);
  }
}

/** Own messages keep the key that they had before the server knew them. */
export function keyOf(source: Source): string {
  if ('record' in source) return `c${source.record.cid}`;
  return source.cid ? `c${source.cid}` : `s${source.seq}`;
}

function timeOf(source: Source): number {
  return 'record' in source ? source.record.writtenAt : Date.parse(source.created_at);
}

function isGrouped(above: MessageRow | undefined, author: Id, at: number): boolean {
  return above !== undefined && !above.system && above.author.id === author && at - above.at <= GROUP_GAP_MS;
}

function isGone(message: Message, now: number): boolean {
  return message.deleted_at !== undefined && now - Date.parse(message.deleted_at) > TOMBSTONE_MS;
}
