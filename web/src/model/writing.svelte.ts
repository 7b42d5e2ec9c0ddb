import type { Notes } from '../lib/host';

const TOOLBAR = 'parley.writing.toolbar';
const NEW_LINE = 'parley.writing.line';

/** How somebody likes to write on this device. */
export class Writing {
  #toolbar = $state(false);
  #enterIsLine = $state(false);
  readonly #notes: Notes;

  constructor(notes: Notes) {
    this.#notes = notes;
    this.#toolbar = notes.get(TOOLBAR) !== undefined;
    this.#enterIsLine = notes.get(NEW_LINE) !== undefined;
  }

  /** Buttons for formatting, and the preview. */
  get toolbar(): boolean {
    return this.#toolbar;
  }

  set toolbar(on: boolean) {
    this.#toolbar = on;
    this.#note(TOOLBAR, on);
  }

  /** Enter makes a new line; Ctrl or Cmd with Enter sends. */
  get enterIsLine(): boolean {
    return this.#enterIsLine;
  }

  set enterIsLine(on: boolean) {
    this.#enterIsLine = on;
    this.#note(NEW_LINE, on);
  }

  #note(key: string, on: boolean): void {
    if (on) this.#notes.set(key, '1');
    else this.#notes.remove(key);
  }
}
