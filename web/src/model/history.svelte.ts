import type { Link } from '../net/link';
import { RequestError } from '../net/requesterror';
import type { HistoryPage } from '../wire';
import type { RoomState } from './roomstate.svelte';
import type { Rooms } from './rooms.svelte';

const PAGE = 100;
const PREVIEW = 20;
const CONTEXT = 51; // 25 on each side
/** Unread rows that the latest page holds; with more, a room opens around the first of them. */
const NEAR_UNREAD = 80;

/** `missing`: the server has no such room for me. */
type Loaded = 'loaded' | 'missing' | 'failed';

/** Brings a room's messages into its window, page by page. */
export class History {
  loadingOlder = $state(false);
  loadingNewer = $state(false);

  readonly #link: Link;
  readonly #rooms: Rooms;

  constructor(link: Link, rooms: Rooms) {
    this.#link = link;
    this.#rooms = rooms;
  }

  /** From the disk if it has the place to begin at, else from the server. */
  async open(room: RoomState): Promise<Loaded> {
    const { unread, read_seq } = room.head;
    if (unread < NEAR_UNREAD) return (await this.#cached(room)) ? 'loaded' : this.latest(room);
    return this.#load(room, { around: read_seq + 1 }, (page, rev) => room.open(page, rev));
  }

  /** What somebody sees of a room before joining it. */
  preview(room: RoomState): Promise<Loaded> {
    return this.#load(room, { limit: PREVIEW }, (page, rev) => room.open(page, rev));
  }

  latest(room: RoomState): Promise<Loaded> {
    return this.#load(room, {}, (page, rev) => room.open(page, rev));
  }

  /** A message with those around it. */
  around(room: RoomState, seq: number): Promise<Loaded> {
    return this.#load(room, { around: seq, limit: CONTEXT }, (page, rev) => room.open(page, rev));
  }

  async older(room: RoomState): Promise<void> {
    if (!room.window?.hasOlder || this.loadingOlder) return;
    this.loadingOlder = true;
    await this.#load(room, { before: room.window.first }, (page, rev) => room.addOlder(page, rev));
    this.loadingOlder = false;
  }

  async newer(room: RoomState): Promise<void> {
    if (!room.window || room.window.atEnd || this.loadingNewer) return;
    this.loadingNewer = true;
    await this.#load(room, { after: room.window.last }, (page, rev) => room.addNewer(page, rev));
    this.loadingNewer = false;
  }

  // Internal

  async #cached(room: RoomState): Promise<boolean> {
    const page = await this.#rooms.cached(room.id);
    if (!page) return false;
    const last = page.messages.at(-1)?.seq ?? 0;
    room.open({ messages: page.messages, first: page.lowest, last }, page.rev);
    this.#rooms.changed(room);
    return true;
  }

  async #load(
    room: RoomState,
    where: { before?: number; after?: number; around?: number; limit?: number },
    take: (page: HistoryPage, rev: number) => void,
  ): Promise<Loaded> {
    const { rev, id } = room;
    try {
      take(await this.#link.request('room:history', { room: id, limit: PAGE, ...where }), rev);
    } catch (error) {
      return error instanceof RequestError && error.code === 'not_found' ? 'missing' : 'failed';
    }
    this.#rooms.changed(room);
    return 'loaded';
  }
}
