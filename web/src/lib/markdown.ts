import { Marked, type Token, type Tokens, type TokenizerAndRendererExtension } from 'marked';
import { rawBlocks, roomsIn, type Block, type Inline } from './blocks';

const CACHED_MOST = 1000;
const DEEPEST = 8;
const SAFE = new Set(['http:', 'https:', 'mailto:']);

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

// Blocks

function parse(body: string): readonly Block[] {
  try {
    return blocks(marked.lexer(body), 0);
  } catch {
    // Nested deeper than any person writes.
    return rawBlocks(body);
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
  return found.flatMap((piece) => (piece.kind === 'text' ? roomsIn(piece.text) : [piece]));
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
