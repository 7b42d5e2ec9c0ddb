import { beforeEach, expect, test } from 'vitest';
import { RequestError } from '../net/requesterror';
import { settled } from '../testing/fakehost';
import { FakeServer } from '../testing/fakeserver';
import { Person, newDevice } from '../testing/fixture';

beforeEach(newDevice);

const EVERYONE = '1';
const MINUTE = 60_000;

async function annAlone() {
  const server = new FakeServer('ann', 'bob');
  const ann = await Person.at(server, 'ann');
  await ann.open(EVERYONE);
  return { server, ann };
}

function bodies(server: FakeServer, room = EVERYONE) {
  return server.room(room).messages.map((message) => message.body);
}

test('a message is on screen at once, and its row stays the same when it is acknowledged', async () => {
  const { ann } = await annAlone();
  ann.here.composer.write('hello');
  ann.here.composer.send();
  const [sending] = ann.rows;
  expect(sending).toMatchObject({ state: 'sending', mine: true, seq: undefined });
  await settled();
  expect(ann.rows).toHaveLength(1);
  expect(ann.rows[0]).toMatchObject({ state: 'sent', seq: 1, key: sending?.key });
});

test('a message is on the disk before it is emitted', async () => {
  const { ann, server } = await annAlone();
  ann.here.composer.write('hello');
  ann.here.composer.send();
  expect(server.sends).toEqual([]);
  ann.link.cut();
  await settled();
  const again = await ann.reload();
  await again.open(EVERYONE);
  expect(bodies(server)).toEqual(['hello']);
});

test('three messages written offline arrive once and in order after a reload', async () => {
  const { ann, server } = await annAlone();
  ann.link.cut();
  for (const text of ['one', 'two', 'three']) await ann.write(text);
  expect(ann.chat.outbox.waiting).toBe(3);
  expect(ann.texts).toEqual(['one', 'two', 'three']);

  const offline = await ann.reload((link) => (link.reachable = false));
  await offline.open(EVERYONE);
  expect(offline.texts).toEqual(['one', 'two', 'three']);
  offline.link.lostAnswers = 2;
  offline.link.connect();
  await offline.host.advance(20_000);

  expect(bodies(server)).toEqual(['one', 'two', 'three']);
  expect(server.sends.length).toBeGreaterThan(3);
  expect(offline.texts).toEqual(['one', 'two', 'three']);
  expect(offline.rows.every((row) => row.state === 'sent')).toBe(true);
  expect(offline.chat.outbox.waiting).toBe(0);

  const again = await offline.reload();
  await again.open(EVERYONE);
  expect(again.texts).toEqual(['one', 'two', 'three']);
});

test('words of another account stay on the device and are not sent by this one', async () => {
  const { ann, server } = await annAlone();
  ann.link.cut();
  await ann.write('from ann');
  const bob = await Person.at(server, 'bob');
  await bob.open(EVERYONE);
  expect(bodies(server)).toEqual([]);
  expect(bob.chat.outbox.waiting).toBe(0);
});

test('an unanswered send is repeated with the same id until it is answered', async () => {
  const { ann, server } = await annAlone();
  ann.link.lostAnswers = 3;
  await ann.write('hello');
  await ann.host.advance(10_000);
  expect(new Set(server.sends.map((send) => send.cid)).size).toBe(1);
  expect(server.sends).toHaveLength(4);
  expect(ann.texts).toEqual(['hello']);
  expect(ann.chat.outbox.waiting).toBe(0);
});

test('a refused message says why, and can be sent again, edited or discarded', async () => {
  const { ann, server } = await annAlone();
  server.refusal = new RequestError('forbidden', 'The room is read-only.');
  await ann.write('one');
  await ann.write('two');
  await ann.write('three');
  expect(ann.rows.map((row) => row.state)).toEqual(['failed', 'failed', 'failed']);
  expect(ann.rows[0]?.problem).toBe('Not sent. The room is read-only.');
  expect(ann.chat.announcer.assertive.trim()).toBe('Not sent. The room is read-only.');

  server.refusal = undefined;
  const [one, two, three] = ann.rows.map((row) => row.cid ?? '');
  ann.chat.outbox.retry(two ?? '');
  ann.chat.outbox.discard(three ?? '');
  ann.chat.outbox.edit(one ?? '');
  await settled();
  expect(bodies(server)).toEqual(['two']);
  expect(ann.texts).toEqual(['two']);
  expect(ann.here.composer.text).toBe('one');
});

test('a refused message is still refused after a reload', async () => {
  const { ann, server } = await annAlone();
  server.refusal = new RequestError('forbidden', 'The room is read-only.');
  await ann.write('one');
  server.refusal = undefined;
  const again = await ann.reload();
  await again.open(EVERYONE);
  expect(again.rows[0]).toMatchObject({ state: 'failed', problem: 'Not sent. The room is read-only.' });
  expect(bodies(server)).toEqual([]);
});

test('a busy server is asked again after the time it names', async () => {
  const { ann, server } = await annAlone();
  server.refusal = new RequestError('rate_limited', 'Slow down.', { retry_ms: 7_000 });
  await ann.write('hello');
  server.refusal = undefined;
  await ann.host.advance(6_999);
  expect(bodies(server)).toEqual([]);
  await ann.host.advance(1);
  expect(bodies(server)).toEqual(['hello']);
});

test('words older than ten minutes are not sent behind the back', async () => {
  const { ann, server } = await annAlone();
  ann.link.cut();
  for (const text of ['one', 'two', 'three']) await ann.write(text);
  await ann.host.advance(120 * MINUTE);
  ann.link.connect();
  await settled();
  expect(bodies(server)).toEqual([]);
  expect(ann.rows.map((row) => row.state)).toEqual(['held', 'held', 'held']);
  expect(ann.chat.outbox.staleText).toBe('3 messages have been waiting for 2 hours.');

  ann.chat.close();
  ann.chat.outbox.reviewStale();
  expect(ann.here.key).toBe(EVERYONE);
  ann.chat.outbox.sendStale();
  await settled();
  expect(bodies(server)).toEqual(['one', 'two', 'three']);
  expect(ann.chat.outbox.staleText).toBe('');
});

test('words that were emitted once before a long pause are not sent behind the back either', async () => {
  const { ann, server } = await annAlone();
  server.refusal = new RequestError('unavailable', 'The server is busy.');
  await ann.write('hello');
  ann.link.cut();
  await ann.host.advance(30 * MINUTE);
  server.refusal = undefined;
  ann.link.connect();
  await settled();
  expect(bodies(server)).toEqual([]);
  expect(ann.rows[0]?.state).toBe('held');
});

test('a server that cannot for ten minutes makes the message fail, with the reason', async () => {
  const { ann, server } = await annAlone();
  server.refusal = new RequestError('unavailable', 'The disk is full.');
  await ann.write('hello');
  await ann.host.advance(11 * MINUTE);
  expect(ann.rows[0]).toMatchObject({ state: 'failed', problem: 'Not sent. The disk is full.' });
});

test('an own message that comes from another device is shown once', async () => {
  const { ann, server } = await annAlone();
  const phone = await Person.at(server, 'ann');
  await phone.open(EVERYONE);
  await phone.write('from the phone');
  expect(ann.texts).toEqual(['from the phone']);
  expect(ann.rows[0]?.mine).toBe(true);
});

test('a first private message keeps its row until the new conversation is known', async () => {
  const { ann, server } = await annAlone();
  const bob = server.user('bob').id;
  const waiting: (() => void)[] = [];
  ann.link.onEvent = (event, deliver) => waiting.push(() => deliver(event));
  ann.chat.openDirect(bob);
  await settled();
  expect(ann.here.status).toBe('ready');
  await ann.write('psst');
  expect(ann.rows).toMatchObject([{ state: 'sent' }]);
  const key = ann.rows[0]?.key;
  for (const deliver of waiting) deliver();
  await settled();
  expect(ann.rows).toMatchObject([{ state: 'sent', seq: 1, key }]);
});
