import { beforeEach, expect, test } from 'vitest';
import { settled } from '../testing/fakehost';
import { FakeServer } from '../testing/fakeserver';
import { Person, newDevice } from '../testing/fixture';
import { WINDOW_MOST } from './window.svelte';

beforeEach(newDevice);

const EVERYONE = '1';

async function annAndBob(messages = 0) {
  const server = new FakeServer('ann', 'bob');
  const bob = server.user('bob').id;
  for (let n = 1; n <= messages; n++) server.post(bob, EVERYONE, `message ${n}`);
  const ann = await Person.at(server, 'ann');
  return { server, ann, bob };
}

function divider(person: Person) {
  const at = person.here.rows.findIndex((row) => row.kind === 'divider');
  const row = person.here.rows[at];
  const below = person.here.rows[at + 1];
  return row?.kind === 'divider' && below?.kind === 'message' ? { text: row.text, seq: below.seq } : undefined;
}

/** Reads like somebody who sees these rows for a second. */
async function look(person: Person, first: number, last: number, atEnd = false, ms = 1000) {
  person.here.viewport(first, last, atEnd);
  await person.host.advance(ms);
}

function unread(person: Person) {
  return person.chat.rooms.get(EVERYONE)?.head.unread;
}

test('the New divider stands above the first unread row, and does not chase the reader', async () => {
  const { ann, server, bob } = await annAndBob(2);
  await ann.open(EVERYONE);
  await look(ann, 1, 2, true);
  ann.chat.close();
  for (const text of ['a', 'b', 'c']) server.post(bob, EVERYONE, text);
  await ann.open(EVERYONE);
  expect(divider(ann)).toEqual({ text: 'New · 3 messages', seq: 3 });
  expect(ann.here.view.openAt).toBe('divider');

  server.post(bob, EVERYONE, 'd');
  await look(ann, 1, 6, true);
  expect(unread(ann)).toBe(0);
  expect(divider(ann)).toEqual({ text: 'New · 3 messages', seq: 3 });

  ann.chat.close();
  await ann.open(EVERYONE);
  expect(divider(ann)).toBeUndefined();
  expect(ann.here.view.openAt).toBeUndefined();
});

test('after a reload the divider waits for what the cache did not have', async () => {
  const { ann, server, bob } = await annAndBob(2);
  await ann.open(EVERYONE);
  await look(ann, 1, 2, true);
  await ann.host.advance(2_000);

  const again = await ann.reload((link) => (link.reachable = false));
  for (const text of ['a', 'b', 'c']) server.post(bob, EVERYONE, text);
  await again.open(EVERYONE);
  expect(again.texts).toHaveLength(2);
  expect(divider(again)).toBeUndefined();
  const placed = again.here.view.placement;
  again.link.connect();
  await settled();
  expect(divider(again)).toEqual({ text: 'New · 3 messages', seq: 3 });
  expect(again.here.view.placement).toBe(placed + 1);

  await look(again, 1, 5, true);
  again.here.markRead();
  again.link.cut();
  server.post(bob, EVERYONE, 'd');
  again.link.connect();
  await settled();
  expect(divider(again)).toBeUndefined();
  expect(again.here.view.placement).toBe(placed + 1);
});

test('own messages get no divider, and writing takes it away', async () => {
  const { ann, server, bob } = await annAndBob(1);
  server.post(server.user('ann').id, EVERYONE, 'from my phone');
  server.post(bob, EVERYONE, 'answer');
  await ann.open(EVERYONE);
  expect(divider(ann)).toEqual({ text: 'New · 1 message', seq: 3 });
  await ann.write('thanks');
  expect(divider(ann)).toBeUndefined();
  expect(unread(ann)).toBe(0);
});

test('Esc takes the divider away and reads everything', async () => {
  const { ann, server } = await annAndBob(5);
  await ann.open(EVERYONE);
  ann.here.markRead();
  await settled();
  expect(divider(ann)).toBeUndefined();
  expect(server.room(EVERYONE).read.get(server.user('ann').id)).toBe(5);
});

test('a row is read after one second on screen in a focused window, not before', async () => {
  const { ann, server } = await annAndBob(5);
  const read = () => server.room(EVERYONE).read.get(server.user('ann').id) ?? 0;
  await ann.open(EVERYONE);
  await look(ann, 1, 2, false, 999);
  expect(read()).toBe(0);
  await ann.host.advance(1);
  expect(read()).toBe(2);

  ann.host.signal('blur');
  await look(ann, 2, 5, true, 60_000);
  expect(read()).toBe(2);
  ann.host.signal('focus');
  await ann.host.advance(999);
  expect(read()).toBe(2);
  await ann.host.advance(1);
  expect(read()).toBe(5);
});

test('rows that stay on screen are read although others keep coming', async () => {
  const { ann, server, bob } = await annAndBob(1);
  await ann.open(EVERYONE);
  for (let n = 2; n <= 10; n++) {
    await look(ann, 1, n - 1, true, 300);
    server.post(bob, EVERYONE, `message ${n}`);
  }
  expect(ann.chat.rooms.get(EVERYONE)?.head.read_seq).toBeGreaterThan(4);
});

test('jumping to the latest does not read the rows in between', async () => {
  const { ann } = await annAndBob(300);
  await ann.open(EVERYONE);
  expect(ann.texts).toContain('message 1');
  const first = ann.rows[0]?.time ?? '';
  expect(ann.here.unreadPill).toBe(`300 new since ${first} · Jump to latest`);
  await look(ann, 1, 10);
  const placed = ann.here.view.placement;
  await ann.here.jumpToLatest();
  expect(ann.here.view.placement).toBe(placed + 1);
  expect(ann.texts.at(-1)).toBe('message 300');
  await look(ann, 290, 300, true, 5_000);
  expect(ann.chat.rooms.get(EVERYONE)?.head.read_seq).toBe(10);
  ann.here.markRead();
  expect(unread(ann)).toBe(0);
});

test('a position read offline is told when the connection is back', async () => {
  const { ann, server } = await annAndBob(5);
  await ann.open(EVERYONE);
  ann.link.cut();
  await look(ann, 1, 5, true);
  expect(unread(ann)).toBe(0);
  ann.link.connect();
  await ann.host.advance(1_000);
  expect(server.room(EVERYONE).read.get(server.user('ann').id)).toBe(5);
  expect(unread(ann)).toBe(0);
});

test('what another device has read is read here', async () => {
  const { ann } = await annAndBob(5);
  await ann.open(EVERYONE);
  ann.link.hear({ name: 'read:changed', payload: { room: EVERYONE, user: ann.chat.me.id, seq: 3 } });
  expect(unread(ann)).toBe(2);
});

test('history comes in pages, each row once and in order', async () => {
  const { ann } = await annAndBob(260);
  ann.chat.rooms.read(ann.chat.rooms.get(EVERYONE) ?? expect.unreachable(), 260);
  await ann.open(EVERYONE);
  expect(ann.texts).toHaveLength(100);
  await Promise.all([ann.here.loadOlder(), ann.here.loadOlder()]);
  expect(ann.texts).toHaveLength(200);
  await ann.here.loadOlder();
  expect(ann.texts).toEqual(Array.from({ length: 260 }, (_, n) => `message ${n + 1}`));
  expect(ann.here.hasOlder).toBe(false);
});

test('from far up, newer pages lead back to the end', async () => {
  const { ann, server, bob } = await annAndBob(300);
  await ann.open(EVERYONE);
  expect(ann.here.hasNewer).toBe(true);
  server.post(bob, EVERYONE, 'meanwhile');
  expect(ann.texts).not.toContain('meanwhile');
  while (ann.here.hasNewer) await ann.here.loadNewer();
  expect(ann.texts).toHaveLength(301);
  expect(ann.texts.at(-1)).toBe('meanwhile');
});

test('an edit that overtakes its page is not lost', async () => {
  const { ann, server } = await annAndBob(150);
  ann.chat.rooms.read(ann.chat.rooms.get(EVERYONE) ?? expect.unreachable(), 150);
  await ann.open(EVERYONE);
  const loading = ann.here.loadOlder();
  server.change(EVERYONE, 7, { body: 'edited', edited_at: '2026-11-22T08:10:00.000Z' });
  await loading;
  await settled();
  expect(ann.texts[6]).toBe('edited');
  expect(ann.rows[6]?.edited).toBe(true);
});

test('no more than 2,000 rows are held, at whichever end the reader is', async () => {
  const { ann, server, bob } = await annAndBob(100);
  await ann.open(EVERYONE);
  ann.here.viewport(90, 100, true);
  for (let n = 0; n < WINDOW_MOST + 500; n++) server.post(bob, EVERYONE, `live ${n}`);
  expect(ann.rows.length).toBeLessThanOrEqual(WINDOW_MOST);
  expect(ann.texts.at(-1)).toBe('live 2499');
  expect(ann.here.hasOlder).toBe(true);

  ann.here.viewport(700, 720, false);
  while (ann.here.hasOlder) await ann.here.loadOlder();
  expect(ann.rows.length).toBeLessThanOrEqual(WINDOW_MOST);
  expect(ann.texts[0]).toBe('message 1');
  expect(ann.here.hasNewer).toBe(true);
});

test('a reader who is far up keeps the rows that are read while new ones come', async () => {
  const { ann, server, bob } = await annAndBob(100);
  await ann.open(EVERYONE);
  ann.here.viewport(1, 10, false);
  for (let n = 0; n < WINDOW_MOST + 500; n++) server.post(bob, EVERYONE, `live ${n}`);
  expect(ann.texts[0]).toBe('message 1');
  expect(ann.rows.length).toBeLessThanOrEqual(WINDOW_MOST);
  expect(ann.here.hasNewer).toBe(true);
  expect(ann.here.newBelow).toBe(WINDOW_MOST + 590);
});

test('messages below the reader are counted, and none at the end', async () => {
  const { ann, server, bob } = await annAndBob(50);
  await ann.open(EVERYONE);
  ann.here.viewport(40, 50, true);
  ann.here.viewport(20, 30, false);
  expect(ann.here.newBelow).toBe(0);
  server.post(bob, EVERYONE, 'one');
  server.post(bob, EVERYONE, 'two');
  expect(ann.here.newBelow).toBe(2);
  ann.here.viewport(45, 52, true);
  expect(ann.here.newBelow).toBe(0);
});

test('typing is shown for at most two names, and ends by itself or with the message', async () => {
  const { ann, server, bob } = await annAndBob();
  await ann.open(EVERYONE);
  const type = (name: string) => {
    const user = [...server.users.values()].find((other) => other.name === name) ?? server.addUser(name);
    ann.link.hear({ name: 'typing', payload: { room: EVERYONE, user, ttl_ms: 5000 } });
  };
  type('bob');
  expect(ann.here.typing).toBe('Bob is typing…');
  await ann.host.advance(3_000);
  type('bob');
  type('chen');
  expect(ann.here.typing).toBe('Bob and Chen are typing…');
  type('dee');
  expect(ann.here.typing).toBe('3 people are typing…');
  server.post(bob, EVERYONE, 'done');
  expect(ann.here.typing).toBe('Chen and Dee are typing…');
  await ann.host.advance(5_000);
  expect(ann.here.typing).toBe('');
});
