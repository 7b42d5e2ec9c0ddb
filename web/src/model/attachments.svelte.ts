import type { Upload, Uploads } from './upload.svelte';
import type { Speech } from './words';

/** The files of a message that is being written. */
export class Attachments {
  items: readonly Upload[] = $state.raw([]);
  /** Why one was not taken; ''. */
  problem = $state('');

  readonly #uploads: Uploads;
  readonly #speech: Speech;

  constructor(uploads: Uploads, speech: Speech) {
    this.#uploads = uploads;
    this.#speech = speech;
  }

  // Actions

  /** From the clipboard, a drop, or the file dialog. They are uploaded at once. */
  add(files: Iterable<File>): void {
    const most = this.#uploads.limits?.files ?? Infinity;
    const wanted = [...files];
    const taken = wanted.slice(0, Math.max(0, most - this.items.length));
    this.problem = taken.length < wanted.length ? this.#speech.words.upload.most(most) : '';
    this.items = [...this.items, ...taken.map((file) => this.#uploads.add(file, file.name))];
  }

  remove(upload: Upload): void {
    this.#uploads.remove(upload);
    this.items = this.items.filter((item) => item !== upload);
    this.problem = '';
  }

  describe(upload: Upload): void {
    this.#uploads.describe(upload);
  }

  retry(upload: Upload): void {
    this.#uploads.retry(upload);
  }

  /** Stops one, or lets it go on. */
  pause(upload: Upload): void {
    if (upload.state === 'paused') this.#uploads.proceed(upload);
    else this.#uploads.pause(upload);
  }

  /** They go with a message, finished, paused or not; those that were refused stay behind. */
  take(): readonly Upload[] {
    const going = this.items.filter((upload) => upload.state !== 'failed');
    for (const upload of going) this.#uploads.proceed(upload);
    this.items = this.items.filter((upload) => upload.state === 'failed');
    return going;
  }
}
