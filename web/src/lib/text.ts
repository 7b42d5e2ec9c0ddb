/** A piece of a message's plain text. `id` is a user's, or `everyone`. */
export type Piece =
  { kind: 'text'; text: string } | { kind: 'link'; text: string; href: string } | { kind: 'mention'; id: string };

const SPECIAL = /<@(\d+|everyone)>|\bhttps?:\/\/[^\s<>"]+/gi;
const TRAILING = /[.,;:!?'*_~]+$/;

/** Cuts a message's body into text, web links (http and https only) and mentions. */
export function pieces(body: string): Piece[] {
  const found: Piece[] = [];
  let done = 0;
  const text = (end: number) => {
    if (end > done) found.push({ kind: 'text', text: body.slice(done, end) });
    done = end;
  };
  for (const match of body.matchAll(SPECIAL)) {
    const id = match[1];
    const length = id ? match[0].length : trimmedLink(match[0]).length;
    const href = id ? undefined : safeHref(match[0].slice(0, length));
    if (!id && !href) continue;
    text(match.index);
    if (id) found.push({ kind: 'mention', id: id.toLowerCase() });
    else if (href) found.push({ kind: 'link', text: match[0].slice(0, length), href });
    done = match.index + length;
  }
  text(body.length);
  return found;
}

/** Punctuation that ends a sentence, and a bracket opened before the link, are no part of it. */
function trimmedLink(link: string): string {
  const bare = link.replace(TRAILING, '');
  const last = bare.at(-1);
  const open = last === ')' ? '(' : last === ']' ? '[' : undefined;
  if (open === undefined || last === undefined) return bare;
  if (bare.split(last).length <= bare.split(open).length) return bare;
  return trimmedLink(bare.slice(0, -1));
}

function safeHref(link: string): string | undefined {
  if (!URL.canParse(link)) return undefined;
  const url = new URL(link);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : undefined;
}

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
