import { Marked, type Token, type Tokens, type TokenizerAndRendererExtension } from 'marked';

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

const CACHED_MOST = 1000;
const DEEPEST = 8;
const SAFE = new Set(['http:', 'https:', 'mailto:']);
const ROOM = /(?<=^|[\s(])#([\p{L}\p{N}][\p{L}\p{N}_-]{0,63})/gu;
const HIDDEN = '█████';

const marked = new Marked({ gfm: true, breaks: true });
marked.use({
  extensions: [inline('mention', '<@', /^<@(\d+|everyone)>/), inline('spoiler', '||', /^\|\|(?=\S)([\s\S]*?\S)\|\|/)],
  // Headings, rules, tables, references, HTML and indented code are text like any other.
  tokenizer: {
    heading: none,
    lheading: none,
    hr: none,
    table: none,
    def: none,
    html: none,
    tag: none,
    code: none,
    reflink: none,
  },
});
const cache = new Map<string, readonly Block[]>();

/** Reads a message's body: bold, italic, strike, code, quotes, lists, links and spoilers. The latest are cached. */
export function markdown(body: string): readonly Block[] {
  const known = cache.get(body);
  if (known) return known;
  const parsed = parse(body);
  const [oldest] = cache.size < CACHED_MOST ? [] : cache.keys();
  if (oldest !== undefined) cache.delete(oldest);
  cache.set(body, parsed);
  return parsed;
}

/** The words alone, on one line for each block; what a spoiler hides stays hidden. */
export function plainText(body: string, nameOf: (user: string) => string): string {
  return flat(markdown(body), nameOf);
}

// Blocks

function parse(body: string): Block[] {
  try {
    return blocks(marked.lexer(body), 0);
  } catch {
    // Nested deeper than any person writes.
    return [{ kind: 'paragraph', children: [{ kind: 'text', text: body }] }];
  }
}

function blocks(tokens: Token[], depth: number): Block[] {
  return tokens.flatMap((token) => block(token, depth));
}

function block(token: Token, depth: number): Block[] {
  if (token.type === 'space' || token.type === 'checkbox') return [];
  if (depth > DEEPEST) return [paragraph([{ kind: 'text', text: token.raw }])];
  switch (token.type) {
    case 'blockquote':
      return [{ kind: 'quote', blocks: blocks((token as Tokens.Blockquote).tokens, depth + 1) }];
    case 'code':
      return [{ kind: 'code', language: (token as Tokens.Code).lang?.split(/\s/)[0] ?? '', text: token.text }];
    case 'list':
      return [list(token as Tokens.List, depth)];
    default:
      return [paragraph(inlines(inside(token) ?? [{ type: 'text', raw: token.raw, text: token.raw }], depth))];
  }
}

function list(token: Tokens.List, depth: number): Block {
  const items = token.items.map((item) => ({
    checked: item.task ? (item.checked ?? false) : undefined,
    blocks: blocks(item.tokens, depth + 1),
  }));
  return { kind: 'list', start: token.ordered ? Number(token.start) : undefined, items };
}

function paragraph(children: Inline[]): Block {
  return { kind: 'paragraph', children };
}

// Inside a block

function inlines(tokens: Token[], depth: number): Inline[] {
  const found: Inline[] = [];
  for (const piece of tokens.flatMap((token) => inlineOf(token, depth))) {
    const last = found.at(-1);
    if (piece.kind === 'text' && last?.kind === 'text')
      found[found.length - 1] = { kind: 'text', text: last.text + piece.text };
    else found.push(piece);
  }
  return found.flatMap((piece) => (piece.kind === 'text' ? rooms(piece.text) : [piece]));
}

function inlineOf(token: Token, depth: number): Inline[] {
  const children = () => inlines(inside(token) ?? [], depth + 1);
  if (depth > DEEPEST) return [{ kind: 'text', text: token.raw }];
  switch (token.type) {
    case 'strong':
      return [{ kind: 'bold', children: children() }];
    case 'em':
      return [{ kind: 'italic', children: children() }];
    case 'del':
      return [{ kind: 'strike', children: children() }];
    case 'spoiler':
      return [{ kind: 'spoiler', children: children() }];
    case 'codespan':
      return [{ kind: 'code', text: token.text }];
    case 'mention':
      return [{ kind: 'mention', user: token.text }];
    case 'link':
      return link(token as Tokens.Link, children);
    case 'br':
      return [{ kind: 'text', text: '\n' }];
    case 'escape':
      return [{ kind: 'text', text: token.text }];
    case 'text':
      return inside(token) ? children() : [{ kind: 'text', text: token.text }];
    default:
      return [{ kind: 'text', text: token.raw }];
  }
}

function inside(token: Token): Token[] | undefined {
  return 'tokens' in token ? token.tokens : undefined;
}

function link(token: Tokens.Link, children: () => Inline[]): Inline[] {
  const href = URL.canParse(token.href) ? new URL(token.href) : undefined;
  if (!href || !SAFE.has(href.protocol)) return [{ kind: 'text', text: token.raw }];
  return [{ kind: 'link', href: href.href, children: children() }];
}

function rooms(text: string): Inline[] {
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

// Plain text

function flat(given: readonly Block[], nameOf: (user: string) => string): string {
  const words = (piece: Inline): string => {
    if (piece.kind === 'text' || piece.kind === 'code') return piece.text;
    if (piece.kind === 'mention') return `@${piece.user === 'everyone' ? 'everyone' : nameOf(piece.user)}`;
    if (piece.kind === 'room') return `#${piece.name}`;
    return piece.kind === 'spoiler' ? HIDDEN : piece.children.map(words).join('');
  };
  const lines = given.map((one): string => {
    if (one.kind === 'paragraph') return one.children.map(words).join('');
    if (one.kind === 'code') return one.text;
    if (one.kind === 'quote') return flat(one.blocks, nameOf);
    return one.items.map((item) => flat(item.blocks, nameOf)).join('\n');
  });
  return lines.join('\n');
}

// marked

function none(): undefined {
  return undefined;
}

function inline(name: string, start: string, rule: RegExp): TokenizerAndRendererExtension {
  return {
    name,
    level: 'inline',
    start: (text: string) => {
      const at = text.indexOf(start);
      return at < 0 ? undefined : at;
    },
    tokenizer(text: string) {
      const match = rule.exec(text);
      if (!match) return undefined;
      const inner = match[1] ?? '';
      const tokens = name === 'spoiler' ? this.lexer.inlineTokens(inner) : [];
      return { type: name, raw: match[0], text: inner, tokens };
    },
  };
}
