import { folded } from './text';

export interface Emoji {
  readonly char: string;
  readonly name: string;
  readonly group: number;
  /** It may be drawn in five tones of skin. */
  readonly toned: boolean;
  /** What it is found by. */
  readonly words: string;
}

/** Tones of skin, from light to dark; 0 is none. */
export type Tone = 0 | 1 | 2 | 3 | 4 | 5;

const TONES = ['', '🏻', '🏼', '🏽', '🏾', '🏿'];

const files: Record<string, () => Promise<{ default: string }>> = {
  en: () => import('virtual:emoji/en'),
  de: () => import('virtual:emoji/de'),
  es: () => import('virtual:emoji/es'),
  fr: () => import('virtual:emoji/fr'),
  ja: () => import('virtual:emoji/ja'),
};

/** Every emoji, with names in one language; English where there are none. */
export async function loadEmoji(language: string): Promise<EmojiBook> {
  const load = files[language] ?? files.en;
  const lines = (await load?.())?.default ?? '';
  return new EmojiBook(lines);
}

/** Emoji by group and by name. */
export class EmojiBook {
  readonly all: readonly Emoji[];
  /** In the order of Unicode: smileys, people, animals, food, travel, activities, objects, symbols, flags. */
  readonly groups: readonly (readonly Emoji[])[];

  /** `lines` as the build makes them: `emoji|group|toned|name|keywords`. */
  constructor(lines: string) {
    this.all = lines.split('\n').map((line) => {
      const [char = '', group = '', toned = '', name = '', tags = ''] = line.split('|');
      return { char, name, group: Number(group), toned: toned !== '', words: ` ${folded(`${name} ${tags}`)}` };
    });
    const numbers = [...new Set(this.all.map((one) => one.group))].toSorted((a, b) => a - b);
    this.groups = numbers.map((group) => this.all.filter((one) => one.group === group));
  }

  /** Those of which every word begins a word of the query's; names that begin with it first. */
  search(query: string, most: number): readonly Emoji[] {
    const wanted = folded(query.replaceAll('_', ' ')).trim().split(/\s+/).filter(Boolean);
    const found = this.all.filter((one) => wanted.every((word) => one.words.includes(` ${word}`)));
    const whole = ` ${wanted.join(' ')}`;
    const first = (one: Emoji) => (one.words.startsWith(`${whole} `) ? 0 : one.words.startsWith(whole) ? 1 : 2);
    return found.toSorted((a, b) => first(a) - first(b)).slice(0, most);
  }
}

/** An emoji in a tone of skin; as it is where it has none. */
export function inTone({ char, toned }: Pick<Emoji, 'char' | 'toned'>, tone: Tone): string {
  if (!toned || tone === 0) return char;
  const [person = '', ...rest] = char.replace(/^(.)\uFE0F/u, '$1');
  return person + TONES[tone] + rest.join('');
}
