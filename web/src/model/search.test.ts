import { beforeEach, expect, test } from 'vitest';
import { settled } from '../testing/fakehost';
import { FakeServer } from '../testing/fakeserver';
import { Person, newDevice } from '../testing/fixture';
import type { Requests } from '../wire';
import { Mentions } from './mentions.svelte';
import { RecentSearches } from './recents.svelte';
import { Search } from './search.svelte';

beforeEach(newDevice);

async function annSearches() {
  const server = new FakeServer('ann', 'bob');
  const [me, bob] = [server.user('ann').id, server.user('bob').id];
  const design = server.addRoom('Design Team', 'public', me, bob).room.id;
  const asked: Requests['search']['in'][] = [];
  server.answers.search = (_by, given) => {
    asked.push(given);
    const all = [...server.rooms.values()].flatMap((kept) => kept.messages);
    const wanted = all.filter((message) => message.body.includes((given.q ?? '').replace('@ann', `<@${me}>`)));
    return {
      hits: wanted
        .toSorted((a, b) => Number(b.id) - Number(a.id))
        .map((message) => ({ message, snippet: message.body })),
    };
  };
  const ann = await Person.at(server, 'ann');
  const recents = new RecentSearches(ann.host);
  const search = new Search(ann.chat, recents);
  search.opened(design);
  const type = async (text: string) => {
    search.type(text);
    await ann.host.advance(200);
  };
  return { server, ann, me, bob, design, asked, search, type, recents };
}

test('it is looked for where one is, once one has stopped typing', async () => {
  const { asked, search, type, ann, design } = await annSearches();
  search.type('he');
  await ann.host.advance(100);
  await type('header');
  expect(asked).toEqual([{ q: 'header', room: design }]);
  search.search('everywhere');
  await settled();
  expect(asked.at(-1)).toEqual({ q: 'header' });
});

test('what is found is grouped by conversation, marked, and names people as they are called now', async () => {
  const { server, search, type, bob, me, design } = await annSearches();
  server.post(bob, design, `the header for <@${me}>`);
  server.post(bob, '1', 'another header');
  search.scope = 'everywhere';
  await type('header');
  expect(search.groups.map((group) => [group.title, group.messages.length])).toEqual([
    ['Everyone', 1],
    ['Design Team', 1],
  ]);
  const [message] = search.groups[1]?.messages ?? [];
  expect(message?.parts.map((part) => part.text).join('')).toBe('the header for @Ann');
  expect(message?.parts.filter((part) => part.mark).map((part) => part.text)).toEqual(['header']);
});

test('typed filters become chips, and the rest is what is looked for', async () => {
  const { asked, search, type, bob, design } = await annSearches();
  await type('from:@bob in:designt has:file before:2026-11-21 header');
  expect(search.text).toBe('header');
  expect(search.filters).toEqual({ author: bob, room: design, hasFile: true, before: '2026-11-21' });
  expect(asked.at(-1)).toMatchObject({ q: 'header', author: bob, room: design, has: 'file' });
  search.widen('author');
  await settled();
  expect(asked.at(-1)).not.toHaveProperty('author');
});

test('a filter that means nothing stays text', async () => {
  const { search, type } = await annSearches();
  await type('from:nobody before:soon has:cheese ');
  expect(search.filters).toEqual({});
  expect(search.text).toBe('from:nobody before:soon has:cheese ');
});

test('pages without a hit are passed over, and further ones come when asked for', async () => {
  const { server, search, type, bob, design } = await annSearches();
  const message = server.post(bob, design, 'header');
  const hit = { message, snippet: 'header' };
  const pages = [{ hits: [], cursor: '1' }, { hits: [hit], cursor: '2' }, { hits: [{ ...hit }] }];
  server.answers.search = () => pages.shift() ?? { hits: [] };
  await type('header');
  expect([search.hits.length, search.pages.hasMore]).toEqual([1, true]);
  await search.pages.more();
  expect([search.hits.length, search.pages.hasMore]).toEqual([2, false]);
});

test('without a connection what this device keeps is looked through, and it says so', async () => {
  const { server, search, type, ann, bob, design } = await annSearches();
  await ann.open(design);
  server.post(bob, design, 'The Héader is in');
  ann.link.cut();
  await type('header');
  await settled();
  expect(search.offline).toBe(true);
  expect(search.groups[0]?.messages).toHaveLength(1);
});

test('what was opened from the results is kept among the recent searches', async () => {
  const { search, type, recents } = await annSearches();
  await type('header');
  expect(recents.items).toEqual([]);
  search.chosen();
  expect(recents.items).toEqual(['header']);
});

test('what is addressed to me is in one list; what was read is done', async () => {
  const { server, ann, bob, me, design } = await annSearches();
  server.post(bob, design, `look, <@${me}>`);
  server.post(me, design, `talking about <@${me}> myself`);
  server.answer(bob, 'message:send', { to: me, cid: 'c', body: 'psst' });
  const mentions = new Mentions(ann.chat);
  await mentions.load();
  expect(mentions.items.map(({ title, direct, unread }) => ({ title, direct, unread }))).toEqual([
    { title: 'Bob', direct: true, unread: true },
    { title: 'Design Team', direct: false, unread: false },
  ]);
  expect(mentions.items[1]?.parts.find((part) => part.mark)?.text).toBe('@Ann');
});
