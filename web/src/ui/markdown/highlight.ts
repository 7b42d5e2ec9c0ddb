import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import cpp from 'highlight.js/lib/languages/cpp';
import css from 'highlight.js/lib/languages/css';
import go from 'highlight.js/lib/languages/go';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import type { Known } from './languages';

export type Scope = 'keyword' | 'string' | 'number' | 'name' | 'comment';

/** A run of characters in one colour. */
export interface Stretch {
  readonly text: string;
  readonly scope: Scope | undefined;
}

const LONGEST = 20_000;
const known: Record<Known, Parameters<typeof hljs.registerLanguage>[1]> = {
  bash,
  cpp,
  css,
  go,
  java,
  javascript,
  json,
  python,
  rust,
  sql,
  typescript,
  xml,
};
for (const [name, language] of Object.entries(known)) hljs.registerLanguage(name, language);

/** Few colours: what words are for is seen, and each has its contrast. */
const scopes: Record<string, Scope> = {
  keyword: 'keyword',
  literal: 'keyword',
  built_in: 'keyword',
  type: 'keyword',
  'meta keyword': 'keyword',
  string: 'string',
  regexp: 'string',
  char: 'string',
  number: 'number',
  symbol: 'number',
  title: 'name',
  attr: 'name',
  attribute: 'name',
  name: 'name',
  tag: 'name',
  'selector-class': 'name',
  'selector-id': 'name',
  'selector-tag': 'name',
  property: 'name',
  comment: 'comment',
  quote: 'comment',
  doctag: 'comment',
};

interface Node {
  scope?: string;
  children: (Node | string)[];
}

/** The text in runs; joined they are the text again. */
export function highlight(text: string, language: Known): Stretch[] {
  if (text.length > LONGEST) return [{ text, scope: undefined }];
  // The library's own result is HTML; the tree it is made from holds the same as text.
  const { _emitter: emitter } = hljs.highlight(text, { language, ignoreIllegals: true });
  const found: Stretch[] = [];
  collect((emitter as unknown as { rootNode: Node }).rootNode, undefined, found);
  return found;
}

function collect(node: Node, outer: Scope | undefined, found: Stretch[]): void {
  const scope = node.scope === undefined ? outer : (scopes[node.scope.split('.')[0] ?? ''] ?? outer);
  for (const child of node.children) {
    if (typeof child !== 'string') collect(child, scope, found);
    else found.push({ text: child, scope });
  }
}
