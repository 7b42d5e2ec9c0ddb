import { inTone, loadEmoji, type EmojiBook, type Tone } from '../../lib/emoji';
import { language } from '../text/text';

const FOUND_MOST = 12;

let book: { readonly tag: string; readonly content: Promise<EmojiBook> } | undefined;

/** Emoji by the beginnings of their names in the language in use; none where the names cannot be loaded. */
export async function findEmoji(query: string, tone: Tone): Promise<readonly { char: string; name: string }[]> {
  const { tag } = language;
  if (book?.tag !== tag) book = { tag, content: loadEmoji(tag) };
  try {
    const found = (await book.content).search(query, FOUND_MOST);
    return found.map((one) => ({ char: inTone(one, tone), name: one.name }));
  } catch {
    book = undefined; // offline; it is tried again with the next letter
    return [];
  }
}
