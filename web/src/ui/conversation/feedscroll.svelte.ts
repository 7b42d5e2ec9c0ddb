import type { Conversation, Row } from '../../model';
import { RowWindow, type Place, type Slice } from './rowwindow';

const END_PX = 32;
const OPEN_PX = 128; // clear of the day and of the pill above
const END: Place = { at: 'end' };

/**
 * The scrolling of one conversation. Whatever changes (a new message, an older page, an edit, the width), the row that
 * was being read keeps its place, and a list that was at its end stays there. It does not use the browser's scroll
 * anchoring, which not every browser has.
 */
export class FeedScroll {
  atEnd = $state(true);
  #center = $state.raw<Place>(END);
  #viewHeight = $state(800);
  #held: Place = END;
  #slice: Slice | undefined;
  #width = 0;
  #rows = new RowWindow();
  #scroller: HTMLElement | undefined;
  #conversation: Conversation;

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
    this.place();
  }

  /** The rows to render. */
  slice(rows: readonly Row[]): Slice {
    return (this.#slice = this.#sliceAt(rows, this.#center));
  }

  // Actions

  attach(scroller: HTMLElement): () => void {
    this.#scroller = scroller;
    const observer = new ResizeObserver(() => this.settle());
    observer.observe(scroller);
    for (const child of scroller.children) observer.observe(child);
    return () => observer.disconnect();
  }

  /** Goes where the conversation opens: the New divider, a message that was asked for, or the end. */
  place(): void {
    const { openAt } = this.#conversation.view;
    if (openAt === undefined) return this.#hold(END);
    this.#hold({ at: 'row', key: openAt, bottom: openAt === 'divider' ? OPEN_PX : this.#viewHeight / 2 });
  }

  toEnd(): void {
    this.#hold(END);
    this.settle();
  }

  /** Brings a row that may not be rendered onto the screen. */
  toRow(key: string): void {
    this.#hold({ at: 'row', key, bottom: this.#viewHeight / 2 });
    this.settle();
  }

  /** Brings a message at hand onto the screen, unless it is rendered already. */
  toMessage(seq: number | undefined): void {
    const row = this.#conversation.rows.find(
      (one) => one.kind === 'message' && one.seq !== undefined && one.seq === seq,
    );
    if (row && this.#scroller && !find(this.#scroller, row.key)) this.toRow(row.key);
  }

  // Events

  scrolled(): void {
    if (!this.#scroller) return;
    // The composer or a banner has just taken room: that moves the reader nowhere.
    if (this.#scroller.clientHeight !== this.#viewHeight) return this.settle();
    this.#held = this.#here(this.#scroller);
    this.#report();
    this.#follow(this.#scroller);
  }

  /** After each change of the page: measures, puts the held place back, tells the model what is on screen. */
  settle(): void {
    const scroller = this.#scroller;
    if (!scroller || scroller.clientHeight === 0) return;
    if (scroller.clientWidth !== this.#width) this.#rows.forget();
    this.#width = scroller.clientWidth;
    this.#viewHeight = scroller.clientHeight;
    for (const row of rendered(scroller)) this.#rows.measured(keyOf(row), row.getBoundingClientRect().height);
    for (const day of scroller.querySelectorAll<HTMLElement>('[data-day]')) {
      this.#rows.measured(day.dataset.day ?? '', day.offsetHeight);
    }
    this.#restore(scroller);
    this.#report();
    this.#follow(scroller);
  }

  // Internal

  #sliceAt(rows: readonly Row[], place: Place): Slice {
    return this.#rows.slice(rows, place, this.#viewHeight, this.#viewHeight);
  }

  /** Renders other rows once the view comes near the end of those that are. */
  #follow(scroller: HTMLElement): void {
    if (this.#covered(scroller)) return;
    const next = this.#sliceAt(this.#conversation.rows, this.#held);
    if (next.from !== this.#slice?.from || next.to !== this.#slice.to) this.#center = this.#held;
  }

  #hold(place: Place): void {
    this.#held = place;
    this.#center = place;
  }

  #restore(scroller: HTMLElement): void {
    if (this.#held.at === 'end') {
      scroller.scrollTop = scroller.scrollHeight;
      return;
    }
    const row = find(scroller, this.#held.key);
    if (!row) return;
    const drift = below(scroller, row) - this.#held.bottom;
    if (drift !== 0) scroller.scrollTop += drift;
    if (!row.dataset.seq || distanceFromEnd(scroller) < END_PX) this.#hold(this.#here(scroller));
  }

  /** Where the reader is now, held by a message: separators and what is still on its way may vanish or move. */
  #here(scroller: HTMLElement): Place {
    if (!this.#conversation.hasNewer && distanceFromEnd(scroller) < END_PX) return END;
    const row = rendered(scroller).find((one) => one.dataset.seq && below(scroller, one) > 0);
    if (row && below(scroller, row) - row.offsetHeight < scroller.clientHeight) {
      return { at: 'row', key: keyOf(row), bottom: below(scroller, row) };
    }
    return this.#rows.placeAt(this.#conversation.rows, scroller.scrollTop, lasting);
  }

  /** True while there are rendered rows, or no rows at all, well above and below the view. */
  #covered(scroller: HTMLElement): boolean {
    const rows = rendered(scroller);
    const [first, last] = [rows[0], rows.at(-1)];
    if (!first || !last) return this.#conversation.rows.length === 0;
    const slack = scroller.clientHeight / 3;
    const all = this.#conversation.rows;
    const above = below(scroller, first) - first.offsetHeight < -slack || keyOf(first) === firstKey(all);
    const under = below(scroller, last) > scroller.clientHeight + slack || keyOf(last) === all.at(-1)?.key;
    return above && under;
  }

  #report(): void {
    const scroller = this.#scroller;
    if (!scroller) return;
    this.atEnd = this.#held.at === 'end' || (!this.#conversation.hasNewer && distanceFromEnd(scroller) < END_PX);
    const seqs = rendered(scroller)
      .filter((row) => below(scroller, row) > 0 && below(scroller, row) - row.offsetHeight < scroller.clientHeight)
      .flatMap((row) => (row.dataset.seq ? [Number(row.dataset.seq)] : []));
    this.#conversation.viewport(seqs[0], seqs.at(-1), this.atEnd);
    if (scroller.scrollTop < scroller.clientHeight && this.#conversation.hasOlder) void this.#conversation.loadOlder();
    if (distanceFromEnd(scroller) < scroller.clientHeight && this.#conversation.hasNewer) {
      void this.#conversation.loadNewer();
    }
  }
}

function lasting(row: Row): boolean {
  return row.kind === 'message' && row.seq !== undefined;
}

function rendered(scroller: HTMLElement): HTMLElement[] {
  return [...scroller.querySelectorAll<HTMLElement>('[data-row]')];
}

function find(scroller: HTMLElement, rowKey: string): HTMLElement | undefined {
  return rendered(scroller).find((row) => keyOf(row) === rowKey);
}

function keyOf(row: HTMLElement): string {
  return row.dataset.row ?? '';
}

function firstKey(rows: readonly Row[]): string | undefined {
  return rows.find((row) => row.kind !== 'day')?.key;
}

/** How far a row's lower edge is below the view's top. */
function below(scroller: HTMLElement, row: HTMLElement): number {
  return row.getBoundingClientRect().bottom - scroller.getBoundingClientRect().top;
}

function distanceFromEnd(scroller: HTMLElement): number {
  return scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
}
