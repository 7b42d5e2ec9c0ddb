import type { Link } from '../net/link';
import type { Hit, Requests } from '../wire';
import { Asking } from './asking.svelte';
import type { Speech } from './words';

export type SearchQuery = Omit<Requests['search']['in'], 'cursor'>;

/** The server stops looking after a while, with nothing found perhaps: how often it is sent on before that is shown. */
const EMPTY_PAGES_MOST = 20;

/** What a search finds, page by page, newest first. */
export class SearchPages {
  hits: readonly Hit[] = $state.raw([]);
  /** The first page is here. */
  answered = $state(false);

  #query: SearchQuery = {};
  #cursor: string | undefined = $state();
  /** Counts searches: the answer to one that is over is dropped. */
  #asked = 0;
  readonly #asking: Asking;
  readonly #link: Link;

  constructor(link: Link, speech: Speech) {
    this.#link = link;
    this.#asking = new Asking(speech);
  }

  get loading(): boolean {
    return this.#asking.busy;
  }

  /** Why there is no answer; ''. */
  get problem(): string {
    return this.#asking.problem;
  }

  get hasMore(): boolean {
    return this.#cursor !== undefined;
  }

  /** Looks for something else. */
  async ask(query: SearchQuery): Promise<void> {
    this.#query = query;
    this.#cursor = undefined;
    const asked = ++this.#asked;
    const hits = await this.#page(asked);
    if (asked !== this.#asked) return;
    this.hits = hits;
    this.answered = this.problem === '';
  }

  async more(): Promise<void> {
    if (!this.hasMore || this.loading) return;
    const asked = this.#asked;
    const hits = await this.#page(asked);
    if (asked === this.#asked) this.hits = [...this.hits, ...hits];
  }

  /** Nothing is looked for. */
  clear(): void {
    this.#asked++;
    this.#cursor = undefined;
    this.hits = [];
    this.answered = false;
  }

  async #page(asked: number): Promise<readonly Hit[]> {
    for (let page = 0; page < EMPTY_PAGES_MOST; page++) {
      const payload = { ...this.#query, ...(this.#cursor && { cursor: this.#cursor }) };
      const answer = await this.#asking.try(() => this.#link.request('search', payload));
      if (!answer || asked !== this.#asked) return [];
      this.#cursor = answer.cursor;
      if (answer.hits.length > 0 || !answer.cursor) return answer.hits;
    }
    return [];
  }
}
