import { folded } from './text';

/** A piece of a text; `mark` where it is what was looked for. */
export interface Marked {
  readonly text: string;
  readonly mark: boolean;
}

/** The words and quoted phrases of a query. */
export function wordsOf(query: string): string[] {
  return [...query.matchAll(/"([^"]+)"|(\S+)/g)].map((match) => (match[1] ?? match[2] ?? '').trim()).filter(Boolean);
}

/** Cuts a text at what of it begins with one of the words, whatever the case or accents. */
export function marked(text: string, words: readonly string[]): Marked[] {
  const { fold, places } = mapped(text);
  const covered = Array.from({ length: text.length }, () => false);
  for (const word of words.map(folded).filter(Boolean)) {
    for (let at = fold.indexOf(word); at >= 0; at = fold.indexOf(word, at + 1)) {
      covered.fill(true, places[at], places[at + word.length] ?? text.length);
    }
  }
  return runs(text, covered);
}

/** The text folded, and for each of its characters where in the text it came from. */
function mapped(text: string): { fold: string; places: number[] } {
  let fold = '';
  const places: number[] = [];
  let at = 0;
  for (const char of text) {
    const small = folded(char);
    for (let i = 0; i < small.length; i++) places.push(at);
    fold += small;
    at += char.length;
  }
  return { fold, places };
}

function runs(text: string, covered: readonly boolean[]): Marked[] {
  const found: Marked[] = [];
  let from = 0;
  for (let at = 1; at <= text.length; at++) {
    if (at < text.length && covered[at] === covered[from]) continue;
    found.push({ text: text.slice(from, at), mark: covered[from] ?? false });
    from = at;
  }
  return found;
}
