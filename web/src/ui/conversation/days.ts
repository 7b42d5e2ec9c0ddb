import type { DividerRow, MessageRow, Row } from '../../model';
import type { Slice } from './rowwindow';

export type Day = { key: string; text: string; rows: (DividerRow | MessageRow)[] };

/** The rows of a slice under the separators of their days; the first day's separator may lie above the slice. */
export function days(rows: readonly Row[], slice: Slice): Day[] {
  const found: Day[] = [];
  const opening = rows.slice(0, slice.from + 1).findLast((row) => row.kind === 'day');
  if (opening) found.push({ key: opening.key, text: opening.text, rows: [] });
  for (const row of rows.slice(slice.from, slice.to)) {
    if (row.kind !== 'day') {
      if (found.length === 0) found.push({ key: '', text: '', rows: [] });
      found.at(-1)?.rows.push(row);
    } else if (row !== opening) found.push({ key: row.key, text: row.text, rows: [] });
  }
  return found.filter((day) => day.rows.length > 0);
}

/** How many messages there are among the first `end` rows. */
export function countMessages(rows: readonly Row[], end: number): number {
  let count = 0;
  for (let at = 0; at < end; at++) if (rows[at]?.kind === 'message') count++;
  return count;
}

/** The last own message up to a place. */
export function lastOwn(rows: readonly MessageRow[], seq: number): MessageRow | undefined {
  return rows.findLast((row) => row.mine && row.seq !== undefined && row.seq <= seq);
}
