import { SvelteMap } from 'svelte/reactivity';
import type { Disk } from '../lib/disk';
import type { Host } from '../lib/host';
import type { Link } from '../net/link';
import { RequestError } from '../net/requesterror';
import type { Id, Message, Requests } from '../wire';
import { reason } from './reason';
import type { Rooms } from './rooms.svelte';
import type { Tables } from './tables';
import type { Speech } from './words';

/** How long a deletion can be taken back. */
export const UNDO_MS = 10_000;
const DELETIONS = 'deletions';

interface MessagesSetting {
  host: Host;
  disk: Disk<Tables>;
  link: Link;
  rooms: Rooms;
  speech: Speech;
}

/** What happens to messages that are there: they are edited, deleted, reacted to and pinned. */
export class Messages {
  /** Deletions that can still be taken back, the oldest first. */
  readonly #deletions = new SvelteMap<string, Deletion>();
  #tombstones = new WeakMap<Message, Message>();
  readonly #host: Host;
  readonly #disk: Disk<Tables>;
  readonly #link: Link;
  readonly #rooms: Rooms;
  readonly #speech: Speech;
  readonly #refused: (why: string) => void;

  /** `refused` is told why the server did not do what was asked for. */
  constructor(given: MessagesSetting, refused: (why: string) => void) {
    this.#host = given.host;
    this.#disk = given.disk;
    this.#link = given.link;
    this.#rooms = given.rooms;
    this.#speech = given.speech;
    this.#refused = refused;
  }

  get undoable(): readonly Deletion[] {
    return [...this.#deletions.values()].filter((deletion) => deletion.undoable);
  }

  /** Messages as they are to be shown: what is about to be deleted is gone already. */
  *shown(messages: Iterable<Message>): Generator<Message> {
    const none = this.#deletions.size === 0;
    for (const message of messages) {
      yield none || !this.#deletions.has(keyOf(message)) ? message : this.#tombstone(message);
    }
  }

  /** What an earlier page was asked to delete and could not tell the server any more. */
  async load(): Promise<void> {
    const kept = await this.#disk.get('facts', DELETIONS);
    for (const { room, seq } of kept ? (JSON.parse(kept) as Place[]) : []) this.#hold({ room, seq }, false);
  }

  // Actions

  /** The text after it was saved; else why not. */
  async edit(room: Id, seq: number, body: string): Promise<string> {
    try {
      await this.#change('message:edit', { room, seq, body });
      return '';
    } catch (error) {
      return reason(error, this.#speech.words);
    }
  }

  /** The message is gone at once; the server is told when the deletion can no longer be taken back. */
  remove(room: Id, seq: number): void {
    this.#hold({ room, seq }, true);
    this.#keep();
  }

  async react(room: Id, seq: number, emoji: string, on: boolean): Promise<void> {
    await this.#try(() => this.#change('reaction:set', { room, seq, emoji, on }));
  }

  async pin(room: Id, seq: number, on: boolean): Promise<void> {
    await this.#try(() => this.#change('pin:set', { room, seq, on }));
  }

  // Events

  /** The connection is up. */
  up(): void {
    for (const deletion of this.#deletions.values()) if (!deletion.undoable) void this.#delete(deletion);
  }

  /** The page goes: what was to be deleted is deleted by the next one. */
  stop(): void {
    for (const deletion of this.#deletions.values()) deletion.stop();
  }

  // Internal

  #hold(place: Place, undoable: boolean): void {
    const key = keyOf(place);
    if (this.#deletions.has(key)) return;
    const due = () => void this.#delete(deletion);
    const undo = () => this.#forget(deletion);
    const deletion = new Deletion(place, this.#host, { undoable, due, undo });
    this.#deletions.set(key, deletion);
  }

  async #delete(deletion: Deletion): Promise<void> {
    const { room, seq } = deletion;
    try {
      await this.#change('message:delete', { room, seq });
    } catch (error) {
      if (error instanceof RequestError && error.passing) return; // until the connection is up again
      if (!(error instanceof RequestError && error.code === 'not_found'))
        this.#refused(reason(error, this.#speech.words));
    }
    this.#forget(deletion);
  }

  #forget(deletion: Deletion): void {
    this.#deletions.delete(keyOf(deletion));
    this.#keep();
  }

  #keep(): void {
    const places = [...this.#deletions.values()].map(({ room, seq }) => ({ room, seq }));
    this.#disk.save('facts', DELETIONS, JSON.stringify(places));
  }

  async #change<E extends 'message:edit' | 'message:delete' | 'reaction:set' | 'pin:set'>(
    event: E,
    payload: Requests[E]['in'],
  ): Promise<void> {
    const { message } = await this.#link.request(event, payload);
    this.#rooms.apply(message.room, { rev: message.rev, message });
  }

  async #try(change: () => Promise<void>): Promise<void> {
    try {
      await change();
    } catch (error) {
      this.#refused(reason(error, this.#speech.words));
    }
  }

  #tombstone(message: Message): Message {
    const deleted_at = new Date(this.#host.now()).toISOString();
    const known = this.#tombstones.get(message);
    const tombstone = known ?? { ...message, body: '', files: [], reactions: [], mentions: [], deleted_at };
    this.#tombstones.set(message, tombstone);
    return tombstone;
  }
}

interface Place {
  readonly room: Id;
  readonly seq: number;
}

interface DeletionOptions {
  /** False: it was asked for on an earlier page. */
  undoable: boolean;
  due(): void;
  undo(): void;
}

/** A deletion that waits. Its time stands still while somebody is about to press Undo. */
export class Deletion implements Place {
  readonly room: Id;
  readonly seq: number;
  undoable = $state(false);

  #cancel: () => void = () => undefined;
  readonly #host: Host;
  readonly #options: DeletionOptions;

  constructor({ room, seq }: Place, host: Host, options: DeletionOptions) {
    this.room = room;
    this.seq = seq;
    this.#host = host;
    this.#options = options;
    this.undoable = options.undoable;
    if (this.undoable) this.release();
  }

  undo(): void {
    this.stop();
    this.#options.undo();
  }

  /** Does not wait any longer. */
  confirm(): void {
    this.stop();
    this.undoable = false;
    this.#options.due();
  }

  hold(): void {
    this.stop();
  }

  release(): void {
    this.stop();
    if (this.undoable) this.#cancel = this.#host.after(UNDO_MS, () => this.confirm());
  }

  stop(): void {
    this.#cancel();
  }
}

function keyOf({ room, seq }: Place): string {
  return `${room}:${seq}`;
}
