import { beforeEach, expect, test } from 'vitest';
import { settled } from '../testing/fakehost';
import { FakeServer } from '../testing/fakeserver';
import { Person, newDevice } from '../testing/fixture';
import { ENGLISH } from '../testing/speech';
import { RoomCare } from './roomcare.svelte';

beforeEach(newDevice);

async function annAndBob() {
  const server = new FakeServer('ann', 'bob');
  const ann = await Person.at(server, 'ann');
  return { server, ann, bob: server.user('bob').id };
}

test('a room that is not there says so', async () => {
  const { ann } = await annAndBob();
  await ann.open('4711');
  expect(ann.here.status).toBe('missing');
});

test('an open room can be looked at, joined and left', async () => {
  const { ann, server, bob } = await annAndBob();
  const room = server.addRoom('Design', 'public', bob);
  server.post(bob, room.room.id, 'the new header');
  await ann.chat.directory.search('');
  expect(ann.chat.directory.existing(' DESIGN ')).toMatchObject({ members: 1, joined: false });
  await ann.open(room.room.id);
  expect(ann.texts).toEqual(['the new header']);
  expect(ann.here.joined).toBe(false);

  await ann.chat.join(room.room.id);
  await settled();
  expect(ann.here).toMatchObject({ joined: true, title: 'Design', membersCount: 2 });
  await ann.write('hello');
  expect(ann.texts).toEqual(['the new header', 'hello']);
  await ann.here.loadMembers();
  expect(ann.here.members.map((member) => member.user.name)).toEqual(['bob', 'ann']);

  await new RoomCare(room.room.id, ann.link, ENGLISH).leave();
  await settled();
  expect(ann.here.kind).toBe('everyone');
  expect(ann.chat.sidebar.rooms.map((item) => item.title)).toEqual(['Everyone']);
});

test('a name that is taken is said, and nothing is created', async () => {
  const { ann } = await annAndBob();
  expect(await ann.chat.createRoom('Design', { private: false, members: [] })).toBeDefined();
  expect(await ann.chat.createRoom('Design', { private: false, members: [] })).toBeUndefined();
  expect(ann.chat.directory.problem).toBe('A room with this name exists.');
});

test('somebody is invited, and the others see one member more', async () => {
  const { ann, server, bob } = await annAndBob();
  const other = await Person.at(server, 'bob');
  const key = await ann.chat.createRoom('Ops', { private: true, members: [] });
  expect(await ann.chat.directory.invite(key ?? '', [bob])).toBeDefined();
  await settled();
  expect(ann.here.membersCount).toBe(2);
  expect(other.chat.sidebar.rooms.map((item) => item.title)).toEqual(['Everyone', 'Ops']);
});

test('a kicked member is told, and reads Everyone instead', async () => {
  const { ann, server } = await annAndBob();
  const room = server.addRoom('Ops', 'private', ann.chat.me.id);
  ann.link.cut();
  ann.link.connect();
  await ann.open(room.room.id);
  ann.link.hear({ name: 'room:removed', payload: { room: room.room.id, reason: 'kicked' } });
  expect(ann.chat.notices.items[0]?.text).toBe('You were removed from Ops.');
  expect(ann.here.kind).toBe('everyone');
});
