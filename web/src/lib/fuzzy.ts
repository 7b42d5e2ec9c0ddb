import { folded } from './text';

const START = 8;
const WORD = 6;
const RUN = 4;

/**
 * How well `text` answers what is typed: its letters in order, better where they begin words or stand together. Case and
 * accents do not matter. Undefined: not at all; everything answers an empty query with 0.
 */
export function fuzzy(query: string, text: string): number | undefined {
  const wanted = folded(query.replace(/\s+/g, ''));
  const given = folded(text);
  const whole = given.indexOf(folded(query.trim()));
  if (wanted !== '' && whole >= 0) return scoreOf(given, whole, wanted.length) + wanted.length * RUN;
  let score = 0;
  let at = -1;
  for (const letter of wanted) {
    const next = given.indexOf(letter, at + 1);
    if (next < 0) return undefined;
    score += next === at + 1 ? RUN : 0;
    score += scoreOf(given, next, 0);
    at = next;
  }
  return score - given.length / 100;
}

function scoreOf(text: string, at: number, length: number): number {
  if (at === 0) return START + length - text.length / 100;
  return (/[\s\-_.,#@]/.test(text[at - 1] ?? '') ? WORD : 0) - text.length / 100;
}
