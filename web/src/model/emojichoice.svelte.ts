import type { Tone } from '../lib/emoji';
import type { Notes } from '../lib/host';

const RECENT = 'parley.emoji.recent';
const TONE = 'parley.emoji.tone';
const RECENT_MOST = 24;
const FIRST = ['👍️', '❤️', '😂', '🎉', '🙏', '👀'];

/** Which emoji somebody uses on this device, and in which tone of skin. */
export class EmojiChoice {
  /** The latest first; before there are any, six that most people use. */
  recent: readonly string[] = $state.raw(FIRST);
  tone: Tone = $state(0);

  readonly #notes: Notes;

  constructor(notes: Notes) {
    this.#notes = notes;
    const kept = notes.get(RECENT)?.split(' ') ?? [];
    this.recent = [...new Set([...kept, ...FIRST])].slice(0, RECENT_MOST);
    this.tone = Math.min(5, Number(notes.get(TONE) ?? 0)) as Tone;
  }

  used(emoji: string): void {
    this.recent = [...new Set([emoji, ...this.recent])].slice(0, RECENT_MOST);
    this.#notes.set(RECENT, this.recent.join(' '));
  }

  setTone(tone: Tone): void {
    this.tone = tone;
    this.#notes.set(TONE, String(tone));
  }
}
