import { beforeEach, describe, expect, test } from 'vitest';
import { settled } from '../testing/fakehost';
import { FakeServer } from '../testing/fakeserver';
import { Person, newDevice } from '../testing/fixture';
import { Random } from '../testing/random';
import { RoomPins } from './roompins.svelte';
import { Thread } from './thread.svelte';

beforeEach(newDevice);

const EVERYONE = '1';

/** Ann in Everyone, where Bob has asked something and got one answer. */
async function annReading() {
  const server = new FakeServer('ann', 'bob');
  const bob = server.user('bob').id;
  server.post(bob, EVERYONE, 'who comes along?');
  server.post(server.user('ann').id, EVERYONE, 'I do', { reply_to: 1 });
  const ann = await Person.at(server, 'ann');
  await ann.open(EVERYONE);
  return { server, ann, bob };
}

async function opened(person: Person, root = 1) {
  const thread = new Thread(root, person.here, person.chat);
  const close = thread.open();
  await settled();
  return { thread, close };
}

const texts = (thread: Thread) => thread.rows.filter((row) => row.kind === 'message').map((row) => row.body);

test('a thread shows what began it and its answers, and what comes later', async () => {
  const { server, ann, bob } = await annReading();
  expect(ann.rows.map((row) => row.replies)).toEqual([1, 0]);
  const { thread, close } = await opened(ann);
  expect([thread.rootRow?.body, texts(thread)]).toEqual(['who comes along?', ['I do']]);
  server.post(bob, EVERYONE, 'something else');
  server.post(bob, EVERYONE, 'splendid', { reply_to: 2 });
  await settled();
  expect([thread.rootRow?.replies, texts(thread)]).toEqual([2, ['I do', 'splendid']]);
  server.remove(EVERYONE, 4);
  await settled();
  expect([thread.rootRow?.replies, thread.rows.at(-1)]).toMatchObject([1, { deleted: true }]);
  close();
  server.post(bob, EVERYONE, 'unheard', { reply_to: 1 });
  await settled();
  expect(texts(thread)).not.toContain('unheard');
});

test('what is written in a thread answers what began it, in the room and in the order of the room', async () => {
  const { server, ann } = await annReading();
  const { thread } = await opened(ann);
  expect(thread.composer.roomButton).toMatchObject({ label: 'Send to everyone', armed: true });
  expect(thread.composer.personButton).toBeUndefined();
  ann.link.reachable = false;
  ann.link.cut();
  thread.composer.write('me too');
  thread.composer.send();
  await settled();
  expect(thread.rows.at(-1)).toMatchObject({ body: 'me too', state: 'sending' });
  expect(ann.rows.at(-1)).toMatchObject({ body: 'me too', state: 'sending', replyTo: 1 });
  ann.link.connect();
  await settled();
  expect(server.room(EVERYONE).messages.at(-1)).toMatchObject({ body: 'me too', reply_to: 1, thread: 1 });
  expect(texts(thread)).toEqual(['I do', 'me too']);
  expect(thread.rows.at(-1)).toMatchObject({ state: 'sent' });
});

test('a draft of a thread is its own, and waits for it', async () => {
  const { ann } = await annReading();
  const { thread } = await opened(ann);
  thread.composer.write('not yet');
  expect(ann.here.composer.text).toBe('');
  const again = await opened(ann);
  expect(again.thread.composer.text).toBe('not yet');
});

test('an answer that is not in the room’s window is edited in the thread', async () => {
  const { server, ann } = await annReading();
  const { thread } = await opened(ann);
  ann.here.state?.shut();
  thread.editing.start(2);
  thread.editing.text = 'I do not';
  expect(await thread.editing.save()).toBe('saved');
  expect(server.room(EVERYONE).messages[1]?.body).toBe('I do not');
});

test('earlier answers come page by page', async () => {
  const { server, ann, bob } = await annReading();
  for (let n = 0; n < 60; n++) server.post(bob, EVERYONE, `answer ${n}`, { reply_to: 1 });
  ann.here.state?.shut();
  const { thread } = await opened(ann);
  expect([texts(thread).length, thread.hasEarlier]).toEqual([50, true]);
  await thread.earlier();
  expect([texts(thread).length, texts(thread)[0], thread.hasEarlier]).toEqual([61, 'I do', false]);
});

describe('with lost, doubled and late events a thread equals what the server has', () => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed + 1))('seed %i', async (seed) => {
    const random = new Random(seed);
    const { server, ann, bob } = await annReading();
    const late: (() => void)[] = [];
    ann.link.onEvent = (event, deliver) => {
      if (random.chance(0.2)) return;
      if (random.chance(0.3)) late.push(() => deliver(structuredClone(event)));
      else deliver(event);
      if (random.chance(0.3)) late.splice(random.int(late.length + 1), 1).forEach((run) => run());
    };
    const { thread } = await opened(ann);
    for (let step = 0; step < 30; step++) {
      const count = server.room(EVERYONE).messages.length;
      const at = 1 + random.int(count);
      const gone = server.room(EVERYONE).messages[at - 1]?.deleted_at !== undefined;
      if (random.chance(0.6)) server.post(bob, EVERYONE, `words ${step}`, random.chance(0.5) ? { reply_to: at } : {});
      else if (!gone && random.chance(0.5)) server.remove(EVERYONE, at);
      else if (!gone) server.change(EVERYONE, at, { body: `edited ${step}` });
      if (random.chance(0.1)) ann.link.cut();
      if (!ann.link.up) ann.link.connect();
      await ann.host.advance(random.int(400));
    }
    ann.link.onEvent = (event, deliver) => deliver(event);
    server.post(bob, EVERYONE, 'the last word');
    await ann.host.advance(5_000);
    const answers = server.room(EVERYONE).messages.filter((message) => message.thread === 1);
    expect(texts(thread)).toEqual(answers.map(({ body }) => body));
    expect(thread.rootRow?.replies).toBe(answers.filter((message) => !message.deleted_at).length);
  });
});

test('the pins of a room are there, and follow what is pinned', async () => {
  const { server, ann } = await annReading();
  server.change(EVERYONE, 1, { pinned_at: '2026-11-22T07:00:00.000Z' });
  await settled();
  const { state } = ann.here;
  if (!state) throw new Error('the room is not known');
  const pins = new RoomPins(state, ann.chat);
  const close = pins.open();
  await settled();
  const seqs = () => pins.items.map(({ seq }) => seq);
  expect([seqs(), pins.answered]).toEqual([[1], true]);
  await ann.chat.messages.pin(EVERYONE, 2, true);
  await settled();
  expect(seqs()).toEqual([2, 1]);
  await ann.chat.messages.pin(EVERYONE, 1, false);
  await settled();
  expect(seqs()).toEqual([2]);
  server.remove(EVERYONE, 2);
  await settled();
  expect(seqs()).toEqual([]);
  close();
});
