/** What stays still when the list changes: its end, or the lower edge of one row, `bottom` px below the view's top. */
export type Place = { at: 'end' } | { at: 'row'; key: string; bottom: number };

/** A run of rows `[from, to)` to render, and the room that the others take above and below it. */
export type Slice = { from: number; to: number; above: number; below: number };

const GUESS_PX = 48;

interface Keyed {
  readonly key: string;
}

/**
 * Decides which rows of a long list are rendered: those within a margin of the view. Heights are guesses until a row
 * has been measured; a wrong guess moves the scroll bar's thumb a little and never what is read, because the place is
 * held by a rendered row. Edges above the first change are not added up again.
 */
export class RowWindow {
  #heights = new Map<string, number>();
  #rows: readonly Keyed[] = [];
  /** The upper edge of each of `#rows`, and of the end. */
  #tops = [0];
  /** The edges up to and with this index are right. */
  #right = 0;

  // Actions

  measured(key: string, height: number): void {
    if (this.#heights.get(key) === height) return;
    this.#heights.set(key, height);
    const index = this.#indexOf(key);
    if (index !== -1) this.#right = Math.min(this.#right, index);
  }

  /** Heights of another width say nothing. */
  forget(): void {
    this.#heights.clear();
    this.#right = 0;
  }

  slice(rows: readonly Keyed[], place: Place, viewHeight: number, margin: number): Slice {
    const tops = this.#topsOf(rows);
    const total = tops[rows.length] ?? 0;
    const top = this.#viewTop(place, viewHeight);
    const from = firstBelow(tops, top - margin);
    let to = from;
    while (to < rows.length && (tops[to] ?? 0) < top + viewHeight + margin) to++;
    return { from, to, above: tops[from] ?? 0, below: total - (tops[to] ?? 0) };
  }

  /**
   * The row at a height of the list, for a scroll bar that was dragged to where nothing is rendered: the first that may
   * be held from there on.
   */
  placeAt<R extends Keyed>(rows: readonly R[], top: number, mayHold: (row: R) => boolean): Place {
    const tops = this.#topsOf(rows);
    const first = firstBelow(tops, top);
    const index = rows.findIndex((row, at) => at >= first && mayHold(row));
    const row = rows[index];
    return row === undefined ? { at: 'end' } : { at: 'row', key: row.key, bottom: (tops[index + 1] ?? 0) - top };
  }

  // Internal

  #viewTop(place: Place, viewHeight: number): number {
    const total = this.#tops[this.#rows.length] ?? 0;
    const last = Math.max(0, total - viewHeight);
    if (place.at === 'end') return last;
    const index = this.#indexOf(place.key);
    return index === -1 ? last : Math.min(last, (this.#tops[index + 1] ?? 0) - place.bottom);
  }

  #topsOf(rows: readonly Keyed[]): readonly number[] {
    let at = 0;
    while (at < this.#right && rows[at]?.key === this.#rows[at]?.key && at < rows.length) at++;
    this.#rows = rows;
    this.#tops.length = at + 1;
    let top = this.#tops[at] ?? 0;
    for (const { key } of rows.slice(at)) this.#tops.push((top += this.#heights.get(key) ?? GUESS_PX));
    this.#right = rows.length;
    return this.#tops;
  }

  /** From the end, where most happens. */
  #indexOf(key: string): number {
    return this.#rows.findLastIndex((row) => row.key === key);
  }
}

/** The first row whose lower edge is below `top`. */
function firstBelow(tops: readonly number[], top: number): number {
  let low = 0;
  let high = tops.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tops[middle + 1] ?? Infinity) > top) high = middle;
    else low = middle + 1;
  }
  return Math.min(low, Math.max(0, tops.length - 2));
}
