import { beforeEach, expect, test } from 'vitest';
import { RequestError } from '../net/requesterror';
import { settled } from '../testing/fakehost';
import { FakeServer } from '../testing/fakeserver';
import { Person, newDevice } from '../testing/fixture';
import { UNDO_MS } from './messages.svelte';

beforeEach(newDevice);

const EVERYONE = '1';

/** Ann in Everyone, where Bob has written `one` and Ann `two`. */
async function annReading() {
  const server = new FakeServer('ann', 'bob');
  const bob = server.user('bob').id;
  server.post(bob, EVERYONE, 'one');
  server.post(server.user('ann').id, EVERYONE, 'two');
  const ann = await Person.at(server, 'ann');
  await ann.open(EVERYONE);
  return { server, ann, bob, here: ann.here, messages: ann.chat.messages };
}

const stored = (server: FakeServer, seq: number) => server.room(EVERYONE).messages[seq - 1];

test('an own message is changed in place, and says so', async () => {
  const { server, ann, here } = await annReading();
  here.editing.start(2);
  expect(here.editing.text).toBe('two');
  here.editing.text = 'two, better';
  expect(await here.editing.save()).toBe('saved');
  await settled();
  expect(here.editing.seq).toBeUndefined();
  expect(ann.rows[1]).toMatchObject({ body: 'two, better', edited: true });
  expect(stored(server, 2)?.body).toBe('two, better');
});

test('Up takes the last own message that is there', async () => {
  const { server, ann, here } = await annReading();
  expect(here.editing.startLast()).toBe(2);
  here.editing.cancel();
  server.remove(EVERYONE, 2);
  await settled();
  expect(here.editing.startLast()).toBeUndefined();
  expect(ann.here.editing.seq).toBeUndefined();
});

test('mentions are edited as names', async () => {
  const { server, here, bob, ann } = await annReading();
  await ann.write(`ask <@${bob}> or <@everyone>`);
  here.editing.start(3);
  expect(here.editing.text).toBe('ask @bob or @everyone');
  expect(stored(server, 3)?.body).toContain('<@');
});

test('an edit that is refused keeps the words and says why', async () => {
  const { here, ann } = await annReading();
  here.editing.start(2);
  here.editing.text = 'changed';
  ann.link.cut();
  expect(await here.editing.save()).toBe('refused');
  expect(here.editing).toMatchObject({ seq: 2, text: 'changed', problem: 'No connection.' });
});

test('an empty text is no edit', async () => {
  const { here } = await annReading();
  here.editing.start(2);
  here.editing.text = '  ';
  expect(await here.editing.save()).toBe('empty');
  expect(here.editing.seq).toBe(2);
});

test('a deleted message is gone at once, and on the server after ten seconds', async () => {
  const { server, ann, messages } = await annReading();
  messages.remove(EVERYONE, 2);
  expect(ann.rows[1]).toMatchObject({ deleted: true, body: '' });
  expect(messages.undoable).toHaveLength(1);
  await ann.host.advance(UNDO_MS - 1);
  expect(stored(server, 2)?.deleted_at).toBeUndefined();
  await ann.host.advance(1);
  expect(stored(server, 2)?.deleted_at).toBeDefined();
  expect(messages.undoable).toEqual([]);
  expect(ann.rows[1]).toMatchObject({ deleted: true });
});

test('Undo brings it back, and the server never knew', async () => {
  const { server, ann, messages } = await annReading();
  messages.remove(EVERYONE, 2);
  messages.undoable[0]?.undo();
  expect(ann.texts).toEqual(['one', 'two']);
  await ann.host.advance(UNDO_MS * 2);
  expect(stored(server, 2)?.deleted_at).toBeUndefined();
});

test('while somebody points at Undo the time stands still', async () => {
  const { server, ann, messages } = await annReading();
  messages.remove(EVERYONE, 2);
  messages.undoable[0]?.hold();
  await ann.host.advance(UNDO_MS * 2);
  expect(stored(server, 2)?.deleted_at).toBeUndefined();
  messages.undoable[0]?.release();
  await ann.host.advance(UNDO_MS);
  expect(stored(server, 2)?.deleted_at).toBeDefined();
});

test('what was deleted is deleted, also when the page goes before the ten seconds are over', async () => {
  const { server, ann, messages } = await annReading();
  messages.remove(EVERYONE, 2);
  await settled();
  const again = await ann.reload();
  await again.open(EVERYONE);
  expect(again.rows[1]).toMatchObject({ deleted: true });
  expect(stored(server, 2)?.deleted_at).toBeDefined();
});

test('a deletion without a connection waits for one', async () => {
  const { server, ann, messages } = await annReading();
  ann.link.cut();
  messages.remove(EVERYONE, 2);
  await ann.host.advance(UNDO_MS);
  expect(ann.rows[1]).toMatchObject({ deleted: true });
  ann.link.connect();
  await settled();
  expect(stored(server, 2)?.deleted_at).toBeDefined();
});

test('reactions are set and taken back', async () => {
  const { ann, bob, messages } = await annReading();
  const me = ann.chat.me.id;
  await messages.react(EVERYONE, 1, '👍', true);
  expect(ann.rows[0]?.reactions).toEqual([{ emoji: '👍', users: [me] }]);
  await messages.react(EVERYONE, 1, '👍', false);
  expect(ann.rows[0]?.reactions).toEqual([]);
  expect(bob).not.toBe(me);
});

test('a change that is refused is said', async () => {
  const { ann, messages } = await annReading();
  ann.link.cut();
  await messages.pin(EVERYONE, 1, true);
  expect(ann.chat.notices.items.map((notice) => notice.text)).toEqual(['No connection.']);
});

test('a reply quotes what it answers, and goes to all who saw that', async () => {
  const { server, ann, here, bob } = await annReading();
  here.composer.armPerson(bob);
  here.composer.reply(1);
  expect(here.composer).toMatchObject({ answered: 1, armed: 'room' });
  await ann.write('indeed');
  expect(stored(server, 3)?.reply_to).toBe(1);
  expect(ann.rows[2]?.replyTo).toBe(1);
  expect(here.composer.answered).toBeUndefined();
});

test('what is armed for one person answers nothing that all saw', async () => {
  const { server, ann, here, bob } = await annReading();
  here.composer.reply(1);
  here.composer.armPerson(bob);
  expect(here.composer.answered).toBeUndefined();
  await ann.write('between us');
  const direct = [...server.rooms.values()].find((kept) => kept.room.kind === 'dm');
  expect(direct?.messages[0]?.reply_to).toBeUndefined();
});

test('Esc answers nothing, then goes back to everyone', async () => {
  const { here } = await annReading();
  here.composer.reply(1);
  expect(here.composer.escape()).toBe(true);
  expect(here.composer.answered).toBeUndefined();
  expect(here.composer.escape()).toBe(false);
});

test('a quote of what is not at hand is fetched, once', async () => {
  const server = new FakeServer('ann', 'bob');
  const bob = server.user('bob').id;
  for (let n = 1; n <= 200; n++) server.post(bob, EVERYONE, `text ${n}`);
  server.post(bob, EVERYONE, 'answer', { reply_to: 3 });
  server.room(EVERYONE).read.set(server.user('ann').id, 201);
  const ann = await Person.at(server, 'ann');
  await ann.open(EVERYONE);
  expect(ann.here.quotes.quoted(3)).toBe('loading');
  await settled();
  expect(ann.here.quotes.quoted(3)).toMatchObject({ body: 'text 3' });
});

test('a jump shows the message in its context, and marks it for a moment', async () => {
  const server = new FakeServer('ann', 'bob');
  const bob = server.user('bob').id;
  for (let n = 1; n <= 300; n++) server.post(bob, EVERYONE, `text ${n}`);
  server.room(EVERYONE).read.set(server.user('ann').id, 300);
  const ann = await Person.at(server, 'ann');
  const placed = ann.chat.conversation?.view.placement ?? 0;
  expect(await ann.chat.reveal(EVERYONE, 100)).toBe(true);
  expect(ann.texts).toContain('text 100');
  expect(ann.here.hasNewer).toBe(true);
  expect(ann.here.view).toMatchObject({ openAt: 's100', flashed: 's100', revealed: true });
  expect(ann.here.view.placement).toBeGreaterThan(placed);
  await ann.host.advance(2000);
  expect(ann.here.view.flashed).toBeUndefined();
});

test('from a row on everything is unread again, and stays so while it is on screen', async () => {
  const { server, ann, here, bob } = await annReading();
  server.post(bob, EVERYONE, 'three');
  await settled();
  here.viewport(1, 3, true);
  await ann.host.advance(1000);
  await here.markUnread(3);
  expect(ann.chat.rooms.get(EVERYONE)?.head).toMatchObject({ read_seq: 2, unread: 1 });
  expect(here.rows.some((row) => row.kind === 'divider')).toBe(true);
  here.viewport(1, 3, true);
  await ann.host.advance(5000);
  expect(server.room(EVERYONE).read.get(ann.chat.me.id)).toBe(2);
});

test('who may change a message', async () => {
  const { server, ann, here } = await annReading();
  const may = (at: number) => here.permissions(ann.rows[at] ?? expect.unreachable());
  expect(may(0)).toEqual({ post: true, edit: false, remove: false });
  expect(may(1)).toEqual({ post: true, edit: true, remove: true });
  ann.chat.me = { ...ann.chat.me, role: 'admin' };
  expect(may(0)).toEqual({ post: true, edit: false, remove: true });
  server.remove(EVERYONE, 1);
  await settled();
  expect(may(0)).toEqual({ post: false, edit: false, remove: false });
});

test('a refusal brings a message back that seemed deleted', async () => {
  const { server, ann, messages } = await annReading();
  const answer = server.answer.bind(server);
  server.answer = (user, event, payload) => {
    if (event === 'message:delete') throw new RequestError('forbidden', 'The time to delete this is over.');
    return answer(user, event, payload);
  };
  messages.remove(EVERYONE, 2);
  await ann.host.advance(UNDO_MS);
  expect(ann.texts).toEqual(['one', 'two']);
  expect(ann.chat.notices.items.map((notice) => notice.text)).toEqual(['The time to delete this is over.']);
});

test('in a direct conversation one sees how far the other has read', async () => {
  const { server, ann, bob } = await annReading();
  await ann.open(`@${bob}`);
  await ann.write('did you see this?');
  const [direct] = [...server.rooms.values()].filter((kept) => kept.room.kind === 'dm');
  if (!direct) expect.unreachable();
  expect(ann.here.receipts.seen).toBeUndefined();
  ann.link.hear({ name: 'read:changed', payload: { room: direct.room.id, user: bob, seq: 1 } });
  expect(ann.here.receipts.seen).toEqual({ seq: 1, at: ann.host.now() });
  expect(ann.chat.rooms.get(direct.room.id)?.head.read_seq).toBe(1);
});
