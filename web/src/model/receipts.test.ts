import { beforeEach, expect, test } from 'vitest';
import { RequestError } from '../net/requesterror';
import { newDevice, Person } from '../testing/fixture';
import { settled } from '../testing/fakehost';
import { FakeServer } from '../testing/fakeserver';
import type { Id, Presence } from '../wire';
import { Reach } from './reach.svelte';

const EVERYONE = '1';

beforeEach(newDevice);

/** Ann has written to Bob, in a room of theirs that the server has just made. */
async function annWritesToBob(): Promise<{ server: FakeServer; ann: Person; bob: Id; dm: Id }> {
  const server = new FakeServer('ann', 'bob', 'chen');
  const ann = await Person.at(server, 'ann');
  const bob = server.user('bob').id;
  await ann.open(`@${bob}`);
  await ann.write('one');
  await ann.write('two');
  const dm = ann.here.roomId ?? expect.unreachable();
  return { server, ann, bob, dm };
}

const progress = (ann: Person) => ann.rows.map((row) => ann.here.receipts.of(row));

test('a direct message is sent, delivered, seen', async () => {
  const { ann, bob, dm } = await annWritesToBob();
  expect(progress(ann)).toEqual(['sent', 'sent']);
  ann.link.hear({ name: 'delivered', payload: { room: dm, user: bob, seq: 1 } });
  expect(progress(ann)).toEqual(['delivered', 'sent']);
  ann.link.hear({ name: 'delivered', payload: { room: dm, user: bob, seq: 2 } });
  ann.link.hear({ name: 'read:changed', payload: { room: dm, user: bob, seq: 1 } });
  expect(progress(ann)).toEqual(['seen', 'delivered']);
  expect(ann.here.receipts.seen).toEqual({ seq: 1, at: ann.host.now() });
  ann.link.hear({ name: 'delivered', payload: { room: dm, user: bob, seq: 1 } });
  expect(progress(ann)).toEqual(['seen', 'delivered']);
});

test('whoever answers has read what stands above, if they show that at all', async () => {
  const { server, ann, bob, dm } = await annWritesToBob();
  server.post(bob, dm, 'silent about it');
  await settled();
  expect(progress(ann)).toEqual(['sent', 'sent', 'sent']);
  ann.link.hear({ name: 'delivered', payload: { room: dm, user: bob, seq: 1 } });
  server.post(bob, dm, 'not any more');
  await settled();
  expect(progress(ann).slice(0, 2)).toEqual(['seen', 'seen']);
});

test('what is known of the others is still known after a reload', async () => {
  const { ann, bob, dm } = await annWritesToBob();
  const head = ann.chat.rooms.get(dm)?.head ?? expect.unreachable();
  const receipts = [{ user: bob, delivered: 2, seen: 1 }];
  ann.link.hear({ name: 'room:head', payload: { ...head, receipts } });
  expect(progress(ann)).toEqual(['seen', 'delivered']);
  expect(ann.here.receipts.seen).toEqual({ seq: 1, at: undefined });
});

test('of several people the last one counts', async () => {
  const { server, ann, bob, dm } = await annWritesToBob();
  const chen = server.user('chen');
  const head = ann.chat.rooms.get(dm)?.head ?? expect.unreachable();
  const room = { ...head.room, peers: [server.user('bob'), chen] };
  ann.link.hear({ name: 'room:head', payload: { ...head, room, receipts: [{ user: bob, delivered: 2, seen: 2 }] } });
  const { receipts } = ann.chat.rooms.get(dm)?.head ?? expect.unreachable();
  expect(receipts).toHaveLength(1);
  await ann.open(dm);
  expect(progress(ann)).toEqual(['sent', 'sent']);
  ann.link.hear({ name: 'delivered', payload: { room: dm, user: chen.id, seq: 1 } });
  expect(progress(ann)).toEqual(['delivered', 'sent']);
});

test('whoever does not show what they read sees it of nobody', async () => {
  const { ann, bob, dm } = await annWritesToBob();
  ann.link.hear({ name: 'read:changed', payload: { room: dm, user: bob, seq: 2 } });
  expect(progress(ann)).toEqual(['seen', 'seen']);
  ann.link.hear({ name: 'user:changed', payload: { user: { ...ann.chat.me, prefs: { receipts: false } } } });
  expect(progress(ann)).toEqual(['sent', 'sent']);
  expect(ann.here.receipts.seen).toBeUndefined();
});

test('who has read a message can be asked in rooms of three to twenty', async () => {
  const server = new FakeServer('ann', 'bob');
  const ann = await Person.at(server, 'ann');
  await ann.open(EVERYONE);
  expect(ann.here.receipts.countable).toBe(false);
  server.addUser('chen');
  expect(ann.here.receipts.countable).toBe(true);
  for (let count = 4; count <= 20; count++) server.addUser(`person${count}`);
  expect(ann.here.receipts.countable).toBe(true);
  server.addUser('one too many');
  expect(ann.here.receipts.countable).toBe(false);
});

test('the readers and the route of a message are what the server says, or why it does not', async () => {
  const { server, ann } = await annWritesToBob();
  const reach = new Reach({ room: EVERYONE, seq: 1 }, ann.chat);
  server.answers['message:seen'] = () => ({ users: [server.user('bob')], count: 1 });
  await reach.loadReaders();
  expect(reach.readers?.map((reader) => reader.name)).toEqual(['bob']);
  server.answers['message:route'] = () => {
    throw new RequestError('not_found', 'This message does not exist or is deleted.');
  };
  await reach.loadRoute();
  expect([reach.route, reach.problem]).toEqual([undefined, 'This message does not exist or is deleted.']);
});

test('what is hidden is neither online nor offline', async () => {
  const { ann, bob } = await annWritesToBob();
  const hidden: Presence[] = [{ user: bob, state: 'offline', hidden: true }];
  ann.link.hear({ name: 'presence', payload: hidden });
  const { people } = ann.chat;
  expect([people.presence(bob), people.isOffline(bob), people.isHere(bob)]).toEqual(['hidden', false, false]);
});

test('a change of what I show of my presence asks anew how the others are, on every device', async () => {
  const { ann } = await annWritesToBob();
  const asked = () => ann.link.asked.filter((event) => event === 'presence:watch').length;
  const before = asked();
  ann.link.hear({ name: 'user:changed', payload: { user: { ...ann.chat.me, prefs: { presence: false } } } });
  await settled();
  expect(asked()).toBe(before + 1);
  ann.link.hear({ name: 'user:changed', payload: { user: { ...ann.chat.me, display_name: 'Ann B.' } } });
  await settled();
  expect(asked()).toBe(before + 1);
  expect(ann.here.onlineCount).toBe(0);
});
