/** What stands between blocks of a message: never HTML. */
export type Block =
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'list'; readonly start: number | undefined; readonly items: readonly ListItem[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string };

export interface ListItem {
  /** Of a task list; undefined for others. */
  readonly checked: boolean | undefined;
  readonly blocks: readonly Block[];
}

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'strike' | 'spoiler'; readonly children: readonly Inline[] }
  /** `href` is http, https or mailto. */
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly Inline[] }
  /** `user` is an id, or `everyone`. */
  | { readonly kind: 'mention'; readonly user: string }
  /** `#name`, which may name a room. */
  | { readonly kind: 'room'; readonly name: string };

const ROOM = /(?<=^|[\s(])#([\p{L}\p{N}][\p{L}\p{N}\p{M}_-]{0,63})/gu;
const MENTION = /<@(\d+|everyone)>/g;
/** What may mean something to markdown: marks, addresses, white space at the edges of lines, the start of a list or heading. */
const MARKUP = /[*_~`[\]|\\<>@]|:\/\/|www\.|[^\S \n]|^[ \-+=]| $|^#{1,6}(?: |$)|^\d{1,9}[.)]/im;
const HIDDEN = '█████';

/**
 * Reads a body without markup, as most are: mentions, names of rooms and line breaks. It answers what `markdown` would
 * answer, without its weight; undefined where that has to be asked.
 */
export function plainBlocks(body: string): readonly Block[] | undefined {
  if (body === '' || body.trim() !== body || MARKUP.test(body.replace(MENTION, 'x'))) return undefined;
  return body.split(/\n{2,}/).map((text) => ({ kind: 'paragraph', children: pieces(text) }));
}

/** A body as it was written, for want of something better. */
export function rawBlocks(body: string): readonly Block[] {
  return [{ kind: 'paragraph', children: [{ kind: 'text', text: body }] }];
}

/** The words alone, on one line for each block; what a spoiler hides stays hidden. */
export function wordsOf(given: readonly Block[], nameOf: (user: string) => string): string {
  const words = (piece: Inline): string => {
    if (piece.kind === 'text' || piece.kind === 'code') return piece.text;
    if (piece.kind === 'mention') return `@${piece.user === 'everyone' ? 'everyone' : nameOf(piece.user)}`;
    if (piece.kind === 'room') return `#${piece.name}`;
    return piece.kind === 'spoiler' ? HIDDEN : piece.children.map(words).join('');
  };
  const lines = given.map((one): string => {
    if (one.kind === 'paragraph') return one.children.map(words).join('');
    if (one.kind === 'code') return one.text;
    if (one.kind === 'quote') return wordsOf(one.blocks, nameOf);
    return one.items.map((item) => wordsOf(item.blocks, nameOf)).join('\n');
  });
  return lines.join('\n');
}

/** A text cut at the names of rooms in it. */
export function roomsIn(text: string): Inline[] {
  const found: Inline[] = [];
  let done = 0;
  for (const match of text.matchAll(ROOM)) {
    if (match.index > done) found.push({ kind: 'text', text: text.slice(done, match.index) });
    found.push({ kind: 'room', name: match[1] ?? '' });
    done = match.index + match[0].length;
  }
  if (done < text.length) found.push({ kind: 'text', text: text.slice(done) });
  return found;
}

function pieces(text: string): Inline[] {
  const found: Inline[] = [];
  let done = 0;
  for (const match of text.matchAll(MENTION)) {
    if (match.index > done) found.push(...roomsIn(text.slice(done, match.index)));
    found.push({ kind: 'mention', user: match[1] ?? '' });
    done = match.index + match[0].length;
  }
  if (done < text.length) found.push(...roomsIn(text.slice(done)));
  return found;
}
