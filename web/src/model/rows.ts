import { pieces } from '../lib/text';
import { plural, type Times } from '../lib/times';
import type { Id, Message, ShortUser } from '../wire';
import type { OutboxEntry } from './outbox.svelte';

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
  readonly parts: readonly TextPart[];
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
}

export type TextPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }
  /** `text` is the person's present name with an `@`. */
  | { readonly kind: 'mention'; readonly text: string; readonly user: Id | 'everyone'; readonly me: boolean };

/** Where the New divider stands. */
export interface Divider {
  /** The seq of the message below it. */
  seq: number;
  text: string;
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
  readonly times: Times;
  nameOf(user: Id, known?: ShortUser): string;
  /** For labels: whom an own message is private to; undefined in rooms. */
  privateTo(): string | undefined;
}

interface Built {
  source: Message | OutboxEntry;
  row: MessageRow;
}

export function newMessages(count: number): string {
  return `New · ${plural(count, 'message')}`;
}

/** Builds the rows of one conversation, and hands out the same object for a row that did not change. */
export class RowBuilder {
  #cache = new Map<string, Built>();
  #names = 0;
  readonly #context: RowContext;

  constructor(context: RowContext) {
    this.#context = context;
  }

  build(sources: RowSources): Row[] {
    const before = sources.names === this.#names ? this.#cache : new Map<string, Built>();
    const cache = new Map<string, Built>();
    const rows: Row[] = [];
    let above: MessageRow | undefined;
    const add = (source: Message | OutboxEntry, at: number, author: Id, make: (heading: boolean) => MessageRow) => {
      const heading = this.#separate(rows, above, at, sources) || !isGrouped(above, author, at);
      const row = reuse(before, source, heading) ?? make(heading);
      cache.set(row.key, { source, row });
      rows.push(row);
      above = row;
    };
    for (const message of sources.messages) {
      if (isGone(message, sources.now)) continue;
      if (sources.divider && message.seq === sources.divider.seq) {
        rows.push({ kind: 'divider', key: 'divider', text: sources.divider.text });
        above = undefined;
      }
      add(message, Date.parse(message.created_at), message.author.id, (heading) => this.#message(message, heading));
    }
    for (const entry of sources.pending) {
      add(entry, entry.record.writtenAt, this.#context.me.id, (heading) => this.#entry(entry, heading));
    }
    this.#cache = cache;
    this.#names = sources.names;
    return rows;
  }

  // Internal

  /** Puts a day's row where one begins; true if it did. */
  #separate(rows: Row[], above: MessageRow | undefined, at: number, sources: RowSources): boolean {
    const { times } = this.#context;
    const last = above ?? rows.findLast((row) => row.kind === 'message');
    if (last && times.sameDay(last.at, at)) return false;
    const day: DayRow = { kind: 'day', key: `d${at}`, text: times.day(at, sources.now) };
    const under = rows.at(-1);
    // The day stands above the New divider: what is new is of that day.
    if (under?.kind === 'divider') rows.splice(-1, 0, day);
    else rows.push(day);
    return true;
  }

  #message(message: Message, heading: boolean): MessageRow {
    const mine = message.author.id === this.#context.me.id;
    return {
      ...this.#base(keyOf(message), message.author, message.body, Date.parse(message.created_at), heading),
      seq: message.seq,
      cid: message.cid,
      state: 'sent',
      problem: '',
      deleted: message.deleted_at !== undefined,
      system: message.kind === 'system',
      edited: message.edited_at !== undefined,
      mentionsMe: !mine && (message.mentions ?? []).some((id) => id === this.#context.me.id || id === 'everyone'),
    };
  }

  #entry(entry: OutboxEntry, heading: boolean): MessageRow {
    const { cid, body, writtenAt } = entry.record;
    return {
      ...this.#base(`c${cid}`, this.#context.me, body, writtenAt, heading),
      seq: undefined,
      cid,
      state: entry.state,
      problem: entry.problem,
      deleted: false,
      system: false,
      edited: false,
      mentionsMe: false,
    };
  }

  #base(key: string, by: ShortUser, body: string, at: number, heading: boolean) {
    const { me, times, nameOf } = this.#context;
    const mine = by.id === me.id;
    const author = { ...by, display_name: nameOf(by.id, by) };
    const time = times.clock(at);
    return {
      kind: 'message' as const,
      key,
      author,
      mine,
      parts: this.#parts(body),
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
    const who = mine ? 'You' : author;
    if (privateTo === undefined) return `${who}, ${time}`;
    return `${who}, ${time}, private to ${mine ? privateTo : 'you'}`;
  }

  #parts(body: string): TextPart[] {
    const { me, nameOf } = this.#context;
    return pieces(body).map((piece) => {
      if (piece.kind !== 'mention') return piece;
      const everyone = piece.id === 'everyone';
      const text = everyone ? '@everyone' : `@${nameOf(piece.id)}`;
      return { kind: 'mention', text, user: piece.id, me: everyone || piece.id === me.id };
    });
  }
}

/** Own messages keep the key that they had before the server knew them. */
function keyOf(message: Message): string {
  return message.cid ? `c${message.cid}` : `s${message.seq}`;
}

function reuse(before: Map<string, Built>, source: Message | OutboxEntry, heading: boolean): MessageRow | undefined {
  const key = 'record' in source ? `c${source.record.cid}` : keyOf(source);
  const built = before.get(key);
  if (!built || built.source !== source || built.row.heading !== heading) return undefined;
  if ('record' in source && (built.row.state !== source.state || built.row.problem !== source.problem))
    return undefined;
  return built.row;
}

function isGrouped(above: MessageRow | undefined, author: Id, at: number): boolean {
  return above !== undefined && !above.system && above.author.id === author && at - above.at <= GROUP_GAP_MS;
}

function isGone(message: Message, now: number): boolean {
  return message.deleted_at !== undefined && now - Date.parse(message.deleted_at) > TOMBSTONE_MS;
}
