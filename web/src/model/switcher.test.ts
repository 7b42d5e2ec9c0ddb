import { beforeEach, expect, test } from 'vitest';
import { FakeServer } from '../testing/fakeserver';
import { Person, newDevice } from '../testing/fixture';
import { RecentSearches } from './recents.svelte';
import { Switcher } from './switcher.svelte';

beforeEach(newDevice);

async function annSwitches() {
  const server = new FakeServer('ann', 'bob', 'zoe');
  const [me, bob] = [server.user('ann').id, server.user('bob').id];
  const design = server.addRoom('Design', 'public', me, bob).room.id;
  const ops = server.addRoom('Ops', 'private', me, bob).room.id;
  const ann = await Person.at(server, 'ann');
  const recents = new RecentSearches(ann.host);
  const commands = [{ id: 'dark', text: 'Dark theme', run: () => undefined }];
  const switcher = new Switcher({ sidebar: ann.chat.sidebar, recents, commands });
  return { server, ann, bob, me, design, ops, recents, switcher };
}

const texts = (switcher: Switcher) => switcher.choices.map((choice) => choice.text);

test('while nothing is typed, what is addressed to me comes first, then what is unread', async () => {
  const { server, ann, bob, me, design, ops, switcher, recents } = await annSwitches();
  await ann.open('1');
  server.post(bob, design, 'one');
  server.post(bob, ops, `<@${me}> two`);
  recents.add('header');
  expect(texts(switcher)).toEqual(['Ops', 'Design', 'Everyone', 'header', 'Dark theme']);
});

test('rooms, people, searches and commands are found by some of their letters', async () => {
  const { switcher, recents } = await annSwitches();
  recents.add('zone of the header');
  switcher.query = 'zo';
  expect(switcher.choices.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    'person Zoe',
    'search zone of the header',
  ]);
  switcher.query = 'dk';
  expect(texts(switcher)).toEqual(['Dark theme']);
  switcher.query = 'dsgn';
  expect(texts(switcher)).toEqual(['Design']);
  switcher.query = 'nothing like it';
  expect(texts(switcher)).toEqual([]);
});

test('it asks nobody, so it works without a connection', async () => {
  const { ann, switcher } = await annSwitches();
  ann.link.cut();
  switcher.query = 'bo';
  expect(texts(switcher)).toEqual(['Bob']);
});

test('a thousand rooms are searched in less than 100 ms', async () => {
  const { server, ann, me, switcher } = await annSwitches();
  for (let n = 0; n < 1000; n++) server.addRoom(`Room number ${n}`, 'public', me);
  ann.link.cut();
  ann.link.connect();
  expect(ann.chat.sidebar.rooms.length).toBeGreaterThan(1000);
  const began = performance.now();
  switcher.query = 'num 99';
  expect(texts(switcher)[0]).toBe('Room number 99');
  expect(performance.now() - began).toBeLessThan(100);
});

test('searches are remembered once, latest first, and no more than eight', async () => {
  const { ann, recents } = await annSwitches();
  for (let n = 0; n < 9; n++) recents.add(`word ${n}`);
  recents.add('word 5');
  expect(new RecentSearches(ann.host).items.slice(0, 3)).toEqual(['word 5', 'word 8', 'word 7']);
  expect(recents.items).toHaveLength(8);
  recents.forget();
  expect(new RecentSearches(ann.host).items).toEqual([]);
});
