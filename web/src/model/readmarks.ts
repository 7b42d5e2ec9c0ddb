import type { Host } from '../lib/host';
import type { Link } from '../net/link';
import { RequestError } from '../net/requesterror';
import type { Id } from '../wire';
import type { RoomState } from './roomstate.svelte';

const TELL_EVERY_MS = 500;

/** Tells the server how far was read, at most twice a second and room; what it could not be told waits for it. */
export class ReadMarks {
  readonly #untold = new Map<Id, RoomState>();
  /** Rooms told a moment ago, whose next position waits; and those among them that have one. */
  readonly #pauses = new Map<Id, () => void>();
  readonly #moved = new Set<Id>();
  readonly #host: Host;
  readonly #link: Link;

  constructor(host: Host, link: Link) {
    this.#host = host;
    this.#link = link;
  }

  /** The position that the server has not confirmed; undefined when it knows it. */
  untold(room: Id): number | undefined {
    return this.#untold.get(room)?.head.read_seq;
  }

  moved(room: RoomState): void {
    this.#untold.set(room.id, room);
    if (this.#pauses.has(room.id)) {
      this.#moved.add(room.id);
      return;
    }
    const next = () => {
      this.#pauses.delete(room.id);
      if (this.#moved.delete(room.id)) this.moved(room);
    };
    this.#pauses.set(room.id, this.#host.after(TELL_EVERY_MS, next));
    void this.#tell(room);
  }

  up(): void {
    for (const room of this.#untold.values()) this.moved(room);
  }

  stop(): void {
    for (const cancel of this.#pauses.values()) cancel();
    this.#pauses.clear();
  }

  async #tell(room: RoomState): Promise<void> {
    const seq = room.head.read_seq;
    try {
      const answer = await this.#link.request('read:set', { room: room.id, seq });
      if (room.head.read_seq !== seq) return;
      this.#untold.delete(room.id);
      room.setRead(answer.read_seq, answer.unread);
    } catch (error) {
      const passing = error instanceof RequestError && error.passing;
      if (!passing) this.#untold.delete(room.id);
    }
  }
}
