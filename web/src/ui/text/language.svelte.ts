import type { Notes } from '../../lib/host';
import { Times } from '../../lib/times';
import type { Speech, Words } from '../../model';
import { en, type Texts } from './en';
import { bestOf, tags, tongues, type LanguageTag } from './languages';

const CHOSEN = 'parley.language';
const CLOCK = 'parley.clock';

/** Hours as the language has them, to 12 or to 24. */
export type Clock = 'language' | '12' | '24';

/** The language of the page: which catalog is in use, and how times are written. It changes live. */
export class Language implements Speech {
  texts: Texts = $state.raw(en);
  times: Times = $state.raw(new Times('en'));
  tag: LanguageTag = $state('en');
  clock: Clock = $state('language');
  /** Chosen by a person; false: as the browser wants it. */
  chosen = $state(false);

  #notes: Notes | undefined;
  #wanted: readonly string[] = ['en'];

  get words(): Words {
    return this.texts.words;
  }

  /** What the document says of itself. */
  get page(): { lang: string; dir: 'ltr' | 'rtl' } {
    return { lang: this.tag, dir: tongues[this.tag].dir };
  }

  /** What the browser wants. */
  get wanted(): LanguageTag {
    return bestOf(this.#wanted);
  }

  // Actions

  /** Speaks as chosen on this device before, else as the browser wants it. Resolves when it does. */
  async start(notes: Notes, wanted: readonly string[]): Promise<void> {
    this.#notes = notes;
    this.#wanted = wanted;
    const clock = notes.get(CLOCK);
    if (clock === '12' || clock === '24') this.clock = clock;
    const kept = tags.find((tag) => tag === notes.get(CHOSEN));
    this.chosen = kept !== undefined;
    await this.#speak(kept ?? bestOf(wanted));
  }

  /** Undefined: as the browser wants it. */
  async choose(tag: LanguageTag | undefined): Promise<void> {
    this.chosen = tag !== undefined;
    if (tag) this.#notes?.set(CHOSEN, tag);
    else this.#notes?.remove(CHOSEN);
    await this.#speak(tag ?? bestOf(this.#wanted));
  }

  chooseClock(clock: Clock): void {
    this.clock = clock;
    this.#notes?.set(CLOCK, clock);
    this.times = this.#timesOf(this.tag);
  }

  // Internal

  async #speak(tag: LanguageTag): Promise<void> {
    try {
      this.texts = await tongues[tag].load();
    } catch {
      return; // Offline, and never loaded before: what is spoken stays.
    }
    this.tag = tag;
    this.times = this.#timesOf(tag);
  }

  /** A region of the language that the browser names decides how dates look. */
  #timesOf(tag: LanguageTag): Times {
    const { locale } = tongues[tag];
    const regional = this.#wanted.find((wanted) => wanted.split('-')[0] === locale.split('-')[0]);
    return new Times(regional ?? locale, this.clock === 'language' ? {} : { hour12: this.clock === '12' });
  }
}
