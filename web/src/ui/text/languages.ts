import { en, type Texts } from './en';

/** A language of the interface. */
export interface Tongue {
  /** What it calls itself. */
  readonly name: string;
  readonly dir: 'ltr' | 'rtl';
  /** What numbers and dates follow where the machine has no region of this language. */
  readonly locale: string;
  /** Its catalog, of its own file but for English. */
  load(): Promise<Texts>;
}

/** By BCP 47 tag; the first is the source and the last resort. */
export const tongues = {
  en: { name: 'English', dir: 'ltr', locale: 'en', load: async () => en },
  de: { name: 'Deutsch', dir: 'ltr', locale: 'de', load: async () => (await import('./de')).texts },
  es: { name: 'Español', dir: 'ltr', locale: 'es', load: async () => (await import('./es')).texts },
  fr: { name: 'Français', dir: 'ltr', locale: 'fr', load: async () => (await import('./fr')).texts },
  ar: { name: 'العربية', dir: 'rtl', locale: 'ar', load: async () => (await import('./ar')).texts },
  ja: { name: '日本語', dir: 'ltr', locale: 'ja', load: async () => (await import('./ja')).texts },
  'en-XA': { name: 'Longer English', dir: 'ltr', locale: 'en', load: async () => (await import('./pseudo')).longer },
  'ar-XB': {
    name: 'Mirrored English',
    dir: 'rtl',
    locale: 'en',
    load: async () => (await import('./pseudo')).mirrored,
  },
} satisfies Record<string, Tongue>;

export type LanguageTag = keyof typeof tongues;

/** For people to choose from; the pseudo-locales are for tests. */
export const spoken: readonly LanguageTag[] = (Object.keys(tongues) as LanguageTag[]).filter(
  (tag) => !/-X[AB]$/.test(tag),
);

export const tags = Object.keys(tongues) as LanguageTag[];

/** The first language wanted that there is; a region of its own is no hindrance. */
export function bestOf(wanted: readonly string[]): LanguageTag {
  for (const tag of wanted) {
    const found = tags.find((known) => known === tag) ?? tags.find((known) => known === tag.split('-')[0]);
    if (found) return found;
  }
  return 'en';
}
