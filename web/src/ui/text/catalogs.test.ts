import { expect, test } from 'vitest';
import { FakeHost } from '../../testing/fakehost';
import { en } from './en';
import { Language } from './language.svelte';
import { bestOf, spoken, tags, tongues } from './languages';

const NAMES = ['Zoë', 'Design', 'Chen'];
/** These take lists or spans, or are formats and no sentences. */
const OTHERS = /\.(ago|list|number|bytes|typing)$/;

/** Every sentence with names put into it, by the path of its key. A number that is a name says nothing, and no name. */
function sentences(part: unknown, path = ''): [string, string][] {
  if (OTHERS.test(path)) return [];
  if (typeof part === 'string') return [[path, part]];
  if (typeof part === 'function') return [[path, String(part(...NAMES))]];
  return Object.entries(part as object).flatMap(([key, inner]) => sentences(inner, `${path}.${key}`));
}

test.each(tags.filter((tag) => tag !== 'en'))(
  '%s says everything, with the names that English puts in',
  async (tag) => {
    const said = new Map(sentences(await tongues[tag].load()));
    for (const [path, english] of sentences(en)) {
      const text = said.get(path) ?? expect.unreachable(`${tag} lacks ${path}`);
      if (english !== '') expect(text, path).not.toBe('');
      for (const name of NAMES) if (english.includes(name)) expect(text, path).toContain(name);
    }
  },
);

test('people who type are named in every language', async () => {
  for (const tag of spoken) {
    const { feed } = (await tongues[tag].load()).words;
    expect(feed.typing(['Ann']), tag).toContain('Ann');
    expect(feed.typing(['Ann', 'Bob']), tag).toMatch(/Ann.*Bob/);
  }
});

test('the language is the one chosen here, else the first wanted that there is', async () => {
  expect([bestOf(['pt-BR', 'de-AT', 'en']), bestOf(['pt']), bestOf([])]).toEqual(['de', 'en', 'en']);
  const { notes } = new FakeHost();
  const language = new Language();
  await language.start(notes, ['fr-CA', 'en']);
  expect([language.tag, language.texts.close]).toEqual(['fr', 'Fermer']);
  await language.choose('ar');
  expect([language.page, language.words.everyone]).toEqual([{ lang: 'ar', dir: 'rtl' }, 'الجميع']);

  const next = new Language();
  await next.start(notes, ['fr']);
  expect(next.tag).toBe('ar');
  await next.choose(undefined);
  expect(next.tag).toBe('fr');
});

test('the clock is the one chosen', async () => {
  const language = new Language();
  await language.start(new FakeHost().notes, ['en-US']);
  const afternoon = new Date(2026, 10, 22, 15, 4).getTime();
  expect(language.times.clock(afternoon)).toMatch(/^03:04.PM$/);
  language.chooseClock('24');
  expect(language.times.clock(afternoon)).toBe('15:04');
});
