import { beforeEach, expect, test } from 'vitest';
import { settled } from '../testing/fakehost';
import { FakeServer } from '../testing/fakeserver';
import { Person, newDevice } from '../testing/fixture';
import { ENGLISH } from '../testing/speech';
import { rightsOf } from './rights';
import { RoomCare } from './roomcare.svelte';

beforeEach(newDevice);

/** Ann owns Design, Bob is in it. */
async function design() {
  const server = new FakeServer('ann', 'bob', 'chen');
  const ann = await Person.at(server, 'ann');
  const bob = await Person.at(server, 'bob');
  const [annId, bobId] = [ann.chat.me.id, bob.chat.me.id];
  const room = (await ann.chat.createRoom('Design', { private: false, members: [bobId] })) ?? '';
  await settled();
  const care = new RoomCare(room, ann.link, ENGLISH);
  return { server, ann, bob, annId, bobId, room, care, rights: (who: Person) => rightsOf(headOf(who, room)) };
}

function headOf(who: Person, room: string) {
  const head = who.chat.rooms.get(room)?.head;
  if (!head) throw new Error('not a member');
  return head;
}

test('whoever made a room may do everything with it, a plain member may write and invite', async () => {
  const { ann, bob, rights } = await design();
  expect(rights(ann)).toMatchObject({
    post: true,
    invite: true,
    leave: true,
    update: true,
    rename: true,
    appoint: true,
  });
  expect(rights(bob)).toMatchObject({ post: true, invite: true, leave: true, update: false, rename: false });
  expect([rights(ann).kick('owner'), rights(bob).kick('member')]).toEqual([true, false]);
});

test('a role is known to everybody, and no one is counted twice for it', async () => {
  const { bob, bobId, ann, room, care, rights } = await design();
  await ann.open(room);
  await care.appoint(bobId, 'moderator');
  await settled();
  expect(headOf(bob, room).role).toBe('moderator');
  expect(rights(bob)).toMatchObject({ update: true, appoint: false });
  expect([rights(bob).kick('member'), rights(bob).kick('owner')]).toEqual([true, false]);
  expect(ann.here.membersCount).toBe(2);
  await ann.here.loadMembers();
  expect(ann.here.members.map(({ user, role }) => `${user.name} ${role}`)).toEqual(['ann owner', 'bob moderator']);
});

test('where moderators write, a plain member does not; nobody writes in an archived room', async () => {
  const { ann, bob, care, rights } = await design();
  await care.update({ post_policy: 'moderators' });
  expect([rights(ann).post, rights(bob).post]).toEqual([true, false]);
  await care.update({ archived: true });
  expect(rights(ann)).toMatchObject({ post: false, invite: false, update: false, rename: true, leave: true });
});

test('who is removed is told, and the others see one member less', async () => {
  const { ann, bob, bobId, room, care } = await design();
  await bob.open(room);
  await care.kick(bobId);
  await settled();
  expect(bob.chat.notices.items.at(-1)?.text).toBe('You were removed from Design.');
  expect(bob.here.kind).toBe('everyone');
  expect(headOf(ann, room).room.members_count).toBe(1);
});

test('the last owner hands over first, then leaves', async () => {
  const { ann, bob, bobId, room, care } = await design();
  expect(await care.handOver(bobId)).toBe(true);
  await settled();
  expect(headOf(bob, room).role).toBe('owner');
  expect(ann.chat.rooms.get(room)).toBeUndefined();
});

test('a refusal is said, and nothing is left behind busy', async () => {
  const { server, care } = await design();
  server.answers['room:notify'] = () => {
    throw new Error('not a refusal that the server knows');
  };
  expect(await care.notify('none')).toBe(false);
  expect(care).toMatchObject({ busy: false, problem: 'Something went wrong. Try again.' });
});

test('muting names the end of it', async () => {
  const { server, care } = await design();
  let asked: unknown;
  server.answers['room:notify'] = (_by, given) => {
    asked = given;
    return {};
  };
  await care.notify('mentions', Date.parse('2026-11-22T10:00:00Z'));
  expect(asked).toMatchObject({ level: 'mentions', muted_until: '2026-11-22T10:00:00.000Z' });
});

test('who is brought into a room gets a card, which goes when the room is opened', async () => {
  const { bob, annId, server } = await design();
  const ops = server.addRoom('Ops', 'private', annId).room.id;
  server.answer(annId, 'room:invite', { room: ops, users: [bob.chat.me.id] });
  expect(bob.chat.invitations.items).toMatchObject([{ name: 'Ops', open: false, by: { display_name: 'Ann' } }]);
  await bob.open(ops);
  expect(bob.chat.invitations.items).toEqual([]);
});

test('a room that one joins or makes oneself brings no card', async () => {
  const { ann, bob, room } = await design();
  expect(ann.chat.invitations.items).toEqual([]);
  await new RoomCare(room, bob.link, ENGLISH).leave();
  await bob.chat.join(room);
  expect(bob.chat.invitations.items.map((card) => card.name)).toEqual([]);
});

test('an open room shows its last twenty messages before one joins', async () => {
  const { server, room, annId } = await design();
  for (let n = 1; n <= 30; n++) server.post(annId, room, `message ${n}`);
  const chen = await Person.at(server, 'chen');
  await chen.open(room);
  expect(chen.texts.length).toBe(20);
  expect(chen.texts.at(-1)).toBe('message 30');
  expect(chen.here.hasOlder).toBe(false);
});
