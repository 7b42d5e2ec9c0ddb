import type { Host } from '../lib/host';
import type { Head, Message } from '../wire';
import type { RoomState } from './roomstate.svelte';
import type { Speech } from './words';

const COUNTED_MOST = 100;
/** Rows on a screen, until somebody has told. */
const SCREEN_ROWS = 20;
const FLASH_MS = 2000;

/** Where the New divider stands. */
export interface Divider {
  /** The seq of the message below it. */
  readonly seq: number;
  /** How many messages are new. */
  readonly count: number;
}

/** Where a reader is in a conversation, and where to put the reader on opening it. */
export class View {
  /** Counts placements; when it changes, scroll to `openAt` or the end. */
  placement = $state(0);
  divider: Divider | undefined = $state.raw();
  /** The reader is at the end of everything. */
  atEnd = $state(true);
  /** The lowest row that was on screen. */
  seenLast = $state(0);
  /** The key of the row to open at, undefined: at the end. */
  openAt: string | undefined;
  /** The key of the row that was jumped to, for as long as it is marked. */
  flashed: string | undefined = $state();
  /** The reader was led to a row from elsewhere, and has not come to the end since. */
  revealed = $state(false);

  #screen = $state(SCREEN_ROWS);
  #unmark: () => void = () => undefined;
  readonly #speech: Speech;
  readonly #host: Host;

  constructor(speech: Speech, host: Host) {
    this.#host = host;
    this.#speech = speech;
  }

  /** On opening: at the divider, which stands above the first unread row, else at the end. */
  place({ head }: RoomState, firstUnread: Message | undefined): void {
    const divided = firstUnread !== undefined && head.unread > 0;
    this.divider = divided ? { seq: firstUnread.seq, count: unreadOf(head) } : undefined;
    this.openAt = divided ? 'divider' : undefined;
    this.seenLast = divided ? head.read_seq : head.last_seq;
    this.atEnd = !divided;
    this.revealed = false;
    this.placement++;
  }

  /** To a row, which is marked for a moment. */
  toRow(key: string): void {
    this.openAt = key;
    this.atEnd = false;
    this.flashed = key;
    this.revealed = true;
    this.placement++;
    this.#unmark();
    this.#unmark = this.#host.after(FLASH_MS, () => (this.flashed = undefined));
  }

  /** Puts the divider above a row that was made unread, and moves nothing. */
  divide({ head }: RoomState, first: Message | undefined): void {
    this.divider = first && { seq: first.seq, count: unreadOf(head) };
  }

  toEnd(): void {
    this.openAt = undefined;
    this.revealed = false;
    this.placement++;
  }

  /** What is on screen now, by seq. */
  moved(first: number | undefined, last: number | undefined, atEnd: boolean): void {
    this.atEnd = atEnd;
    if (first === undefined || last === undefined) return;
    this.#screen = last - first + 1;
    this.seenLast = atEnd ? last : Math.max(this.seenLast, last);
  }

  /** Messages below that were not on screen. */
  newBelow(head: Head): number {
    return this.atEnd ? 0 : Math.max(0, head.last_seq - this.seenLast);
  }

  /** "312 new since 09:14 · Jump to latest", while more than a screen is unread; ''. */
  unreadPill(room: RoomState, hasNewer: boolean): string {
    const count = unreadOf(room.head);
    if (this.atEnd || (count <= this.#screen && !hasNewer)) return '';
    const first = room.firstUnread();
    const { words, times } = this.#speech;
    return first ? words.feed.newSince(count, times.clock(Date.parse(first.created_at))) : '';
  }
}

/** The server counts up to 100; beyond, places are counted. */
function unreadOf(head: Head): number {
  return head.unread >= COUNTED_MOST ? head.last_seq - head.read_seq : head.unread;
}
