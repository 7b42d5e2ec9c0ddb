import type { Host } from '../lib/host';
import { excerpt } from '../lib/text';
import type { Speech } from './words';

const GATHER_MS = 500;
const SPOKEN_MOST = 120;

/** A message to be said. */
export interface Heard {
  /** The conversation's title. */
  where: string;
  /** Whether that conversation is open. */
  here: boolean;
  author: string;
  text: string;
  /** It is the last of so many. */
  count: number;
}

/** Texts for the two live regions; each changes once per announcement. */
export class Announcer {
  polite = $state('');
  assertive = $state('');

  #gathered: Heard[] = [];
  readonly #host: Host;
  readonly #speech: Speech;

  constructor(host: Host, speech: Speech) {
    this.#host = host;
    this.#speech = speech;
  }

  /** Says a message of somebody else, once; a burst is summed. */
  message(heard: Heard): void {
    if (this.#gathered.length === 0) this.#host.after(GATHER_MS, () => this.#speak());
    this.#gathered.push(heard);
  }

  /** Says a change that the person asked for. */
  say(text: string): void {
    this.polite = distinct(text, this.polite);
  }

  /** Says a failure. */
  alarm(text: string): void {
    this.assertive = distinct(text, this.assertive);
  }

  #speak(): void {
    const heard = this.#gathered;
    this.#gathered = [];
    const [only] = heard;
    if (!only) return;
    const { one, elsewhere, many, manyRooms } = this.#speech.words.heard;
    const count = heard.reduce((sum, message) => sum + message.count, 0);
    if (count === 1) {
      const { author, where, text } = only;
      return this.say(excerpt(only.here ? one(author, text) : elsewhere(author, where, text), SPOKEN_MOST));
    }
    const rooms = new Set(heard.map((message) => message.where));
    this.say(rooms.size === 1 ? many(count, only.where) : manyRooms(count, rooms.size));
  }
}

/** The same words twice would change nothing, and a screen reader would stay silent. */
function distinct(text: string, before: string): string {
  return text === before ? `${text}\u00a0` : text;
}
