/** What stays still when the list changes: its end, or the lower edge of one row, `bottom` px below the view's top. */
export type Place = { at: 'end' } | { at: 'row'; key: string; bottom: number };

/** A run of rows `[from, to)` to render, and the room that the others take above and below it. */
export type Slice = { from: number; to: number; above: number; below: number };

const GUESS_PX = 48;

/**
 * Decides which rows of a long list are rendered: those within a margin of the view. Heights are guesses until a row
 * has been measured; a wrong guess moves the scroll bar's thumb a little and never what is read, because the place is
 * held by a rendered row.
 */
export class RowWindow {
  #heights = new Map<string, number>();

  // Actions

  measured(key: string, height: number): void {
    this.#heights.set(key, height);
  }

  /** Heights of another width say nothing. */
  forget(): void {
    this.#heights.clear();
  }

  slice(keys: readonly string[], place: Place, viewHeight: number, margin: number): Slice {
    const tops = this.#tops(keys);
    const total = tops[keys.length] ?? 0;
    const top = this.#viewTop(keys, tops, place, viewHeight);
    const from = firstBelow(tops, top - margin);
    let to = from;
    while (to < keys.length && (tops[to] ?? 0) < top + viewHeight + margin) to++;
    return { from, to, above: tops[from] ?? 0, below: total - (tops[to] ?? 0) };
  }

  /**
   * The row at a height of the list, for a scroll bar that was dragged to where nothing is rendered: the first that may
   * be held from there on.
   */
  placeAt(keys: readonly string[], top: number, mayHold: (key: string) => boolean): Place {
    const tops = this.#tops(keys);
    const first = firstBelow(tops, top);
    const index = keys.findIndex((one, at) => at >= first && mayHold(one));
    const key = keys[index];
    return key === undefined ? { at: 'end' } : { at: 'row', key, bottom: (tops[index + 1] ?? 0) - top };
  }

  // Internal

  #viewTop(keys: readonly string[], tops: readonly number[], place: Place, viewHeight: number): number {
    const total = tops[keys.length] ?? 0;
    const last = Math.max(0, total - viewHeight);
    if (place.at === 'end') return last;
    const index = keys.indexOf(place.key);
    return index === -1 ? last : Math.min(last, (tops[index + 1] ?? 0) - place.bottom);
  }

  /** The upper edge of each row, and of the end. */
  #tops(keys: readonly string[]): number[] {
    const tops = [0];
    let top = 0;
    for (const key of keys) tops.push((top += this.#heights.get(key) ?? GUESS_PX));
    return tops;
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
