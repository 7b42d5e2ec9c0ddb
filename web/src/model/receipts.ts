import type { Head, Id, Receipt, Time } from '../wire';
import type { RoomState } from './roomstate.svelte';
import type { MessageRow } from './rows';
import type { Services } from './services';

/** Rooms in which it is told who has read a message. */
const READERS_MOST = 20;

/** How far a message has come: an own one in a direct conversation until each of the others has it, and has read it. */
export type Progress = MessageRow['state'] | 'delivered' | 'seen';

/** What one may know of how far the others in a conversation are. */
export class Receipts {
  readonly #room: () => RoomState | undefined;
  readonly #services: Services;

  constructor(room: () => RoomState | undefined, services: Services) {
    this.#room = room;
    this.#services = services;
  }

  /** It can be asked who has read a message: of several people, in a room that is not large. */
  get countable(): boolean {
    const members = this.#head?.room.members_count ?? 0;
    return this.#services.account.shows('receipts') && members > 2 && members <= READERS_MOST;
  }

  /** How far the other one of a 1:1 conversation has read, and since when, if that is known. */
  get seen(): { readonly seq: number; readonly at: number | undefined } | undefined {
    const [receipt, ...others] = this.#known;
    if (!receipt || receipt.seen === 0 || others.length > 0) return undefined;
    return { seq: receipt.seen, at: receipt.seen_at === undefined ? undefined : Date.parse(receipt.seen_at) };
  }

  of({ state, seq, mine, deleted }: MessageRow): Progress {
    const all = this.#known;
    if (state !== 'sent' || !mine || deleted || seq === undefined || all.length === 0) return state;
    if (all.every((one) => one.seen >= seq)) return 'seen';
    return all.every((one) => one.delivered >= seq) ? 'delivered' : state;
  }

  get #head(): Head | undefined {
    return this.#room()?.head;
  }

  /** Of everybody else in a direct room; empty unless all of them show it, and I do. */
  get #known(): readonly Receipt[] {
    const { room, receipts = [] } = this.#head ?? {};
    if (!this.#services.account.shows('receipts') || receipts.length < (room?.peers?.length ?? 0)) return [];
    return receipts;
  }
}

/** A head after another member of its room was sent its messages up to `seq`, and, with `seenAt`, has read them. */
export function further(head: Head, user: Id, seq: number, seenAt?: Time): Head {
  const known = head.receipts?.find((receipt) => receipt.user === user) ?? { user, delivered: 0, seen: 0 };
  const others = head.receipts?.filter((receipt) => receipt !== known) ?? [];
  const read = seenAt !== undefined && seq > known.seen && { seen: seq, seen_at: seenAt };
  return { ...head, receipts: [...others, { ...known, delivered: Math.max(known.delivered, seq), ...read }] };
}
