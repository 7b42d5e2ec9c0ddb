import type { Host } from '../lib/host';
import { RequestError } from '../net/requesterror';
import type { Uploader } from '../net/uploader';
import type { Id, Limits } from '../wire';
import { reason } from './reason';
import type { AttachmentRecord } from './tables';
import type { Speech } from './words';

const RETRY_MS = 5000;

/** One file on its way to the server. */
export class Upload {
  /** What it was chosen as; `id` is set when the server has it. */
  readonly record: AttachmentRecord;
  /** `waiting`: for a connection; `paused`: until its person or its message wants it to go on. */
  state: 'waiting' | 'uploading' | 'paused' | 'done' | 'failed' = $state('waiting');
  /** 0 to 1. */
  progress = $state(0);
  /** For `failed`: "spec.pdf is 130 MB. The limit here is 100 MB."; ''. */
  problem = $state('');
  alt = $state('');

  #waiters: (() => void)[] = [];

  constructor(record: AttachmentRecord) {
    this.record = record;
    this.alt = record.alt;
    if (record.id !== undefined) this.done(record.id);
  }

  get isImage(): boolean {
    return this.record.content.type.startsWith('image/');
  }

  get id(): Id | undefined {
    return this.record.id;
  }

  /** Resolves when it is `done` or `failed`, which a file that is taken away is too. */
  async settled(): Promise<void> {
    if (this.state === 'done' || this.state === 'failed') return;
    await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  done(id: Id): void {
    this.record.id = id;
    this.progress = 1;
    this.state = 'done';
    this.#settle();
  }

  fail(problem: string): void {
    this.problem = problem;
    this.state = 'failed';
    this.#settle();
  }

  #settle(): void {
    for (const resume of this.#waiters.splice(0)) resume();
  }
}

/** The files that are on their way. They go on when the connection is back. */
export class Uploads {
  /** Of a file, in bytes; undefined until the server has told. */
  limits: Limits | undefined;

  readonly #running = new Map<Upload, AbortController>();
  readonly #waiting = new Set<Upload>();
  readonly #host: Host;
  readonly #uploader: Uploader;
  readonly #speech: Speech;

  constructor(host: Host, uploader: Uploader, speech: Speech) {
    this.#host = host;
    this.#uploader = uploader;
    this.#speech = speech;
  }

  /** Begins to upload a file. */
  add(content: Blob, name: string): Upload {
    return this.resume({ name, alt: '', content });
  }

  /** Goes on with what an earlier page began. */
  resume(record: AttachmentRecord): Upload {
    const upload = new Upload(record);
    const most = this.limits?.file_bytes ?? Infinity;
    const { words } = this.#speech;
    if (record.content.size > most) upload.fail(words.upload.tooLarge(record.name, record.content.size, most));
    else if (upload.state === 'waiting') void this.#run(upload);
    return upload;
  }

  /** A description is sent with its file: one that comes later sends the file again. */
  describe(upload: Upload): void {
    if (upload.alt === upload.record.alt || upload.state === 'failed') return;
    upload.record.alt = upload.alt;
    if (upload.state === 'paused') return;
    this.#running.get(upload)?.abort();
    void this.#run(upload);
  }

  retry(upload: Upload): void {
    if (upload.state === 'failed') void this.#run(upload);
  }

  /** Stops a file on its way until `proceed`, which sends it from its beginning. */
  pause(upload: Upload): void {
    if (upload.state !== 'uploading' && upload.state !== 'waiting') return;
    this.#waiting.delete(upload);
    this.#running.get(upload)?.abort();
    upload.state = 'paused';
  }

  proceed(upload: Upload): void {
    if (upload.state === 'paused') void this.#run(upload);
  }

  remove(upload: Upload): void {
    this.#waiting.delete(upload);
    this.#running.get(upload)?.abort();
    upload.fail('');
  }

  up(limits: Limits): void {
    this.limits = limits;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const upload of waiting) void this.#run(upload);
  }

  // Internal

  async #run(upload: Upload): Promise<void> {
    const abort = new AbortController();
    this.#running.set(upload, abort);
    this.#waiting.delete(upload);
    upload.problem = '';
    upload.state = 'uploading';
    const current = () => this.#running.get(upload) === abort;
    try {
      const watch = { progress: (part: number) => void (upload.progress = part), signal: abort.signal };
      const { content, name, alt } = upload.record;
      const { id } = await this.#uploader.upload(content, { name, alt }, watch);
      if (current()) upload.done(id);
    } catch (error) {
      if (current() && !abort.signal.aborted) this.#refused(upload, error);
    }
    if (current()) this.#running.delete(upload);
  }

  #refused(upload: Upload, error: unknown): void {
    if (error instanceof RequestError && error.passing) {
      upload.state = 'waiting';
      this.#waiting.add(upload);
      this.#host.after(error.retryMs ?? RETRY_MS, () => this.#waiting.has(upload) && void this.#run(upload));
      return;
    }
    const { name, content } = upload.record;
    const { words } = this.#speech;
    const large = error instanceof RequestError && error.code === 'too_large' && this.limits;
    upload.fail(
      large
        ? words.upload.tooLarge(name, content.size, large.file_bytes)
        : words.upload.failed(name, reason(error, words)),
    );
  }
}
