import { beforeEach, expect, test } from 'vitest';
import { settled } from '../testing/fakehost';
import { FakeServer } from '../testing/fakeserver';
import { Person, newDevice } from '../testing/fixture';

beforeEach(newDevice);

async function ann() {
  const server = new FakeServer('ann', 'bob', 'chen', 'dee');
  const [me, bob] = [server.user('ann').id, server.user('bob').id];
  const design = server.addRoom('Design', 'public', me, bob).room.id;
  const ops = server.addRoom('Ops', 'private', me, bob).room.id;
  const person = await Person.at(server, 'ann');
  return { server, person, sidebar: person.chat.sidebar, bob, me, design, ops };
}

const titles = (items: readonly { title: string }[]) => items.map((item) => item.title);

test('Everyone is first, then what mentions me, then the latest activity', async () => {
  const { server, sidebar, bob, me, design, ops } = await ann();
  server.post(bob, design, 'one');
  server.post(bob, ops, 'two');
  expect(titles(sidebar.rooms)).toEqual(['Everyone', 'Ops', 'Design']);
  server.post(bob, design, `<@${me}> three`);
  server.post(bob, ops, 'four');
  expect(titles(sidebar.rooms)).toEqual(['Everyone', 'Design', 'Ops']);
});

test('nothing changes its place while it is held', async () => {
  const { server, sidebar, bob, design, ops } = await ann();
  server.post(bob, ops, 'one');
  sidebar.hold();
  server.post(bob, design, 'two');
  expect(titles(sidebar.rooms)).toEqual(['Everyone', 'Ops', 'Design']);
  sidebar.release();
  expect(titles(sidebar.rooms)).toEqual(['Everyone', 'Design', 'Ops']);
});

test('the badge counts what is addressed to me; other unread is bold', async () => {
  const { server, sidebar, bob, me, design } = await ann();
  server.post(bob, design, 'one');
  expect(sidebar.rooms.find((item) => item.key === design)).toMatchObject({ badge: '', bold: true, unread: 1 });
  server.post(bob, design, `<@${me}> two`);
  expect(sidebar.rooms.find((item) => item.key === design)).toMatchObject({ badge: '1', unread: 2, mentions: 1 });
  for (let n = 0; n < 120; n++) server.answer(bob, 'message:send', { to: me, cid: `c${n}`, body: 'psst' });
  expect(sidebar.directs).toMatchObject([{ title: 'Bob', badge: '99+', key: `@${bob}`, kind: 'direct' }]);
});

test('people with whom there is no conversation are listed, those who are here first', async () => {
  const { server, person, sidebar, bob, me } = await ann();
  person.link.hear({ name: 'presence', payload: [{ user: server.user('dee').id, state: 'online' }] });
  expect(sidebar.people.map((user) => user.name)).toEqual(['dee', 'bob', 'chen']);
  server.answer(bob, 'message:send', { to: me, cid: 'c', body: 'psst' });
  expect(sidebar.people.map((user) => user.name)).toEqual(['dee', 'chen']);
});

test('somebody who signs up appears without a reload', async () => {
  const { server, sidebar } = await ann();
  server.addUser('eve');
  await settled();
  expect(sidebar.people.map((user) => user.name)).toContain('eve');
});

test('people are found by a part of their name, whatever the case or accent', async () => {
  const { server, person } = await ann();
  const user = server.addUser('zoe');
  person.link.hear({ name: 'user:changed', payload: { user: { ...user, display_name: 'Zoë Ångström' } } });
  expect(person.chat.people.search('ANGS').map((found) => found.name)).toEqual(['zoe']);
  expect(person.chat.people.search('').map((found) => found.name)).not.toContain('ann');
});

test('when somebody who is offline was here last is said in words', async () => {
  const { person, bob } = await ann();
  const last_seen = new Date(person.host.now() - 2 * 3_600_000).toISOString();
  person.link.hear({ name: 'presence', payload: [{ user: bob, state: 'offline', last_seen }] });
  expect(person.chat.people.lastSeen(bob)).toBe('last seen 2 h ago');
  person.link.hear({ name: 'presence', payload: [{ user: bob, state: 'online' }] });
  expect(person.chat.people.lastSeen(bob)).toBe('');
});

test('a message is said once: with its author here, with its room elsewhere, a burst as a sum', async () => {
  const { server, person, bob, design } = await ann();
  await person.open('1');
  const said = async () => {
    await person.host.advance(500);
    return person.chat.announcer.polite;
  };
  server.post(bob, '1', 'Morning! The new header is in.');
  expect(await said()).toBe('Bob: Morning! The new header is in.');
  server.post(bob, design, 'x'.repeat(300));
  expect(await said()).toBe(`Bob in Design: ${'x'.repeat(120 - 'Bob in Design: '.length - 1)}…`);
  for (let n = 0; n < 6; n++) server.post(bob, design, 'burst');
  expect(await said()).toBe('6 new messages in Design');
  const before = person.chat.announcer.polite;
  await person.write('my own words');
  expect(await said()).toBe(before);
});

test('notices stay for eight seconds, and longer while somebody is at them', async () => {
  const { person } = await ann();
  const { notices } = person.chat;
  notices.add('one');
  await person.host.advance(7_999);
  expect(notices.items).toHaveLength(1);
  notices.hold();
  notices.add('two');
  await person.host.advance(60_000);
  expect(notices.items.map((notice) => notice.text)).toEqual(['one', 'two']);
  notices.release();
  expect(notices.items).toEqual([]);
});

test('the order is by activity or by name, and mentions come first in both', async () => {
  const server = new FakeServer('ann', 'bob');
  const [me, bob] = [server.user('ann').id, server.user('bob').id];
  const [zoo, art, mud] = ['zoo', 'art', 'mud'].map((name) => server.addRoom(name, 'public', me, bob).room.id);
  server.post(bob, art ?? '', 'first');
  server.post(bob, zoo ?? '', 'second');
  server.post(bob, mud ?? '', `look <@${me}>`);
  server.post(bob, zoo ?? '', 'third');
  const person = await Person.at(server, 'ann');
  const { sidebar } = person.chat;
  expect(sidebar.rooms.map((room) => room.title)).toEqual(['Everyone', 'mud', 'zoo', 'art']);
  sidebar.order = 'name';
  expect(sidebar.rooms.map((room) => room.title)).toEqual(['Everyone', 'mud', 'art', 'zoo']);
  const again = await person.reload();
  expect(again.chat.sidebar.order).toBe('name');
});
