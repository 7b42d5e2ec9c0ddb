import { beforeEach, describe, expect, test } from 'vitest';
import type { ServerEvent } from '../net/link';
import { settled } from '../testing/fakehost';
import { FakeServer } from '../testing/fakeserver';
import { Person, newDevice } from '../testing/fixture';
import { Random } from '../testing/random';
import { GAP_WAIT_MS } from './catchup';

beforeEach(newDevice);

const EVERYONE = '1';

/** What a person holds of a room, to be compared with what a fresh page holds. */
function snapshot(person: Person, room = EVERYONE) {
  const state = person.chat.rooms.get(room);
  if (!state?.window) throw new Error('the room is not open');
  const { room: about, last_seq, last_rev, read_seq, unread, mentions } = state.head;
  const messages = [...state.window.messages()];
  return { rev: state.rev, about, last_seq, last_rev, read_seq, unread, mentions, messages };
}

/** The same account on a device that knows nothing. */
async function fresh(server: FakeServer, name: string, room = EVERYONE) {
  newDevice();
  const person = await Person.at(server, name);
  await person.open(room);
  return person;
}

/** Loses, doubles, delays and reorders events, by chance. */
function unreliable(random: Random) {
  const late: (() => void)[] = [];
  return (event: ServerEvent, deliver: (event: ServerEvent) => void) => {
    const copy = structuredClone(event);
    if (random.chance(0.15)) return;
    if (random.chance(0.15)) late.push(() => deliver(copy));
    if (random.chance(0.2)) late.push(() => deliver(copy));
    else deliver(copy);
    if (random.chance(0.3)) late.splice(random.int(late.length + 1), 1).forEach((run) => run());
  };
}

/** One change of a room, by chance, by ann or bob. */
function act(server: FakeServer, random: Random, room = EVERYONE) {
  const ann = server.user('ann').id;
  const bob = server.user('bob').id;
  const count = server.room(room).messages.length;
  const kind = random.int(10);
  if (count === 0 || kind < 6) {
    const text = random.chance(0.2) ? `look <@${ann}> ${count}` : `words ${count}`;
    const answers = count > 0 && random.chance(0.3) ? { reply_to: 1 + random.int(count) } : {};
    server.post(random.chance(0.8) ? bob : ann, room, text, answers);
  } else if (kind < 9) changeLiving(server, random, { room, seq: 1 + random.int(count) }, kind < 8);
  else if (random.chance(0.5)) server.update(room, { name: `name ${random.int(100)}` });
  else server.addUser(`guest${server.users.size}`);
}

/** A deleted message is never changed again. */
function changeLiving(server: FakeServer, random: Random, at: { room: string; seq: number }, edit: boolean) {
  if (server.room(at.room).messages[at.seq - 1]?.deleted_at) return;
  if (edit) server.change(at.room, at.seq, { body: `edited ${random.int(100)}` });
  else server.remove(at.room, at.seq);
}

describe('lost, doubled, delayed and reordered events, with catching up, equal a fresh snapshot', () => {
  test.each(Array.from({ length: 200 }, (_, seed) => seed + 1))('seed %i', async (seed) => {
    const random = new Random(seed);
    const server = new FakeServer('ann', 'bob');
    const before = random.chance(0.3) ? 0 : random.int(20);
    for (let n = 0; n < before; n++) act(server, random);
    const ann = await Person.at(server, 'ann');
    await ann.open(EVERYONE);
    ann.link.onEvent = unreliable(random);

    for (let step = 0; step < 60; step++) {
      if (random.chance(0.2)) await ann.write(`own words ${step}`);
      else act(server, random);
      if (random.chance(0.3)) await ann.host.advance(random.int(400));
      if (random.chance(0.05)) ann.link.cut();
      if (!ann.link.up && random.chance(0.5)) ann.link.connect();
    }
    if (!ann.link.up) ann.link.connect();
    ann.link.onEvent = (event, deliver) => deliver(event);
    server.post(server.user('bob').id, EVERYONE, 'the last word');
    await ann.host.advance(5_000);

    expect(ann.chat.outbox.waiting).toBe(0);
    expect(snapshot(ann)).toEqual(snapshot(await fresh(server, 'ann')));
  });
});

describe('looking at one room and then at another, each equals a fresh snapshot', () => {
  test.each(Array.from({ length: 100 }, (_, seed) => seed + 1))('seed %i', async (seed) => {
    const random = new Random(seed);
    const server = new FakeServer('ann', 'bob');
    const design = server.addRoom('design', 'public', server.user('ann').id, server.user('bob').id).room.id;
    const ann = await Person.at(server, 'ann');
    await ann.open(EVERYONE);
    ann.link.onEvent = unreliable(random);

    for (let step = 0; step < 60; step++) {
      act(server, random, random.pick([EVERYONE, design]));
      if (random.chance(0.1)) await ann.open(random.pick([EVERYONE, design]));
      if (random.chance(0.1)) await ann.write(`own words ${step}`);
      if (random.chance(0.3)) await ann.host.advance(random.int(2000));
      if (random.chance(0.05)) ann.link.cut();
      if (!ann.link.up && random.chance(0.5)) ann.link.connect();
    }
    if (!ann.link.up) ann.link.connect();
    ann.link.onEvent = (event, deliver) => deliver(event);
    for (const room of [design, EVERYONE]) server.post(server.user('bob').id, room, 'the last word');
    for (const room of [EVERYONE, design]) {
      await ann.open(room);
      await ann.host.advance(5_000);
    }

    const held = [EVERYONE, design].map((room) => snapshot(ann, room));
    expect(held).toEqual([snapshot(await fresh(server, 'ann')), snapshot(await fresh(server, 'ann', design), design)]);
  });
});

test('a room that nobody looks at tells its head, and is caught up with one question when somebody does', async () => {
  const server = new FakeServer('ann', 'bob');
  const bob = server.user('bob').id;
  const design = server.addRoom('design', 'public', server.user('ann').id, bob).room.id;
  const ann = await Person.at(server, 'ann');
  await ann.open(design);
  await ann.open(EVERYONE);
  const heard: string[] = [];
  ann.link.onEvent = (event, deliver) => {
    heard.push(event.name);
    deliver(event);
  };
  server.post(bob, design, 'one');
  server.post(bob, EVERYONE, 'two');
  expect(heard).toEqual(['room:head', 'message:new']);
  expect(ann.chat.rooms.get(design)?.head.unread).toBe(1);
  await ann.host.advance(2_000);

  ann.link.asked.length = 0;
  await ann.open(design);
  expect(ann.texts).toEqual(['one']);
  expect(ann.link.asked.filter((event) => event.startsWith('room:'))).toEqual(['room:blur', 'room:focus']);
});

test('a gap waits 300 ms before it asks, and asks nothing when it closes by itself', async () => {
  const server = new FakeServer('ann', 'bob');
  const bob = server.user('bob').id;
  const ann = await Person.at(server, 'ann');
  await ann.open(EVERYONE);
  const held: (() => void)[] = [];
  ann.link.onEvent = (event, deliver) => held.push(() => deliver(event));
  server.post(bob, EVERYONE, 'one');
  server.post(bob, EVERYONE, 'two');

  held[1]?.();
  expect(ann.texts).toEqual([]);
  held[0]?.();
  expect(ann.texts).toEqual(['one']);
  await ann.host.advance(GAP_WAIT_MS - 1);
  expect(ann.texts).toEqual(['one']);
  await ann.host.advance(1);
  expect(ann.texts).toEqual(['one', 'two']);
});

test('too far behind, the latest page replaces what was held', async () => {
  const server = new FakeServer('ann', 'bob');
  const bob = server.user('bob').id;
  server.post(bob, EVERYONE, 'long ago');
  const ann = await Person.at(server, 'ann');
  await ann.open(EVERYONE);
  ann.link.cut();
  for (let n = 0; n < 1500; n++) server.post(bob, EVERYONE, `missed ${n}`);
  ann.link.connect();
  await settled();
  expect(ann.texts.at(-1)).toBe('missed 1499');
  expect(ann.texts.length).toBeLessThan(200);
  expect(ann.here.hasOlder).toBe(true);
});

test('another epoch forgets what was held, also on the disk', async () => {
  const server = new FakeServer('ann', 'bob');
  const bob = server.user('bob').id;
  server.post(bob, EVERYONE, 'before the backup');
  server.post(bob, EVERYONE, 'after the backup');
  const ann = await Person.at(server, 'ann');
  await ann.open(EVERYONE);
  await ann.host.advance(2_000);
  ann.link.cut();

  const restored = server.room(EVERYONE);
  restored.messages.pop();
  restored.rev = 3;
  server.epoch = 'e2';
  server.post(bob, EVERYONE, 'another second message');
  ann.link.connect();
  await settled();
  expect(ann.texts).toEqual(['before the backup', 'another second message']);

  await ann.host.advance(2_000);
  const again = await ann.reload();
  await again.open(EVERYONE);
  expect(again.texts).toEqual(['before the backup', 'another second message']);
});

test('what was cached is shown without a connection, and caught up with one', async () => {
  const server = new FakeServer('ann', 'bob');
  const bob = server.user('bob').id;
  server.post(bob, EVERYONE, 'one');
  const ann = await Person.at(server, 'ann');
  await ann.open(EVERYONE);
  await ann.host.advance(2_000);

  const offline = await ann.reload((link) => (link.reachable = false));
  server.post(bob, EVERYONE, 'two');
  await offline.open(EVERYONE);
  expect(offline.texts).toEqual(['one']);
  offline.link.connect();
  await settled();
  expect(offline.texts).toEqual(['one', 'two']);
});
