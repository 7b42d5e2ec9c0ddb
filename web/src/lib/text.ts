/** The first `most` characters, with "…" where something was cut. Never splits a surrogate pair. */
export function excerpt(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const points = Array.from(line.slice(0, most * 2 + 2));
  return points.length <= most ? line : `${points.slice(0, most - 1).join('')}…`;
}

/** How many characters the server counts: Unicode code points. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** For finding names by what is typed: case and accents do not matter. */
export function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** How a room's name is written behind "#", where it can hold neither spaces nor signs: "Reading-club"; '' for no name. */
export function roomTag(name: string): string {
  return name.replace(/[^\p{L}\p{N}\p{M}_]+/gu, '-').replace(/^[-_\p{M}]+|-+$/gu, '');
}
