import type { Texts } from './en';
import { Language } from './language.svelte';

/** The page's one language. */
export const language = new Language();

/** The texts of the language in use: what a component reads of it changes with it. */
export const t: Texts = new Proxy({} as Texts, {
  get: (_, part: keyof Texts) => language.texts[part],
});
