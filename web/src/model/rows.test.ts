import { expect, test } from 'vitest';
import { ENGLISH } from '../testing/speech';
import type { Message, ShortUser } from '../wire';
import { OutboxEntry } from './outbox.svelte';
import { RowBuilder, type RowSources } from './rows';

const ANN: ShortUser = { id: '90', name: 'ann', display_name: 'Ann' };
const BOB: ShortUser = { id: '91', name: 'bob', display_name: 'Bob' };
const NOW = Date.parse('2026-11-22T12:00:00.000Z');

function builder(privateTo?: string) {
  const names = new Map([[BOB.id, 'Bob']]);
  const context = {
    me: ANN,
    speech: ENGLISH,
    nameOf: (user: string, known?: ShortUser) => names.get(user) ?? known?.display_name ?? 'Somebody',
    privateTo: () => privateTo,
  };
  return { build: new RowBuilder(context), names };
}

function message(seq: number, author: ShortUser, at: string, more: Partial<Message> = {}): Message {
  const created_at = new Date(at).toISOString();
  const empty = { files: [], reactions: [], mentions: [] };
  const body = `text ${seq}`;
  return { id: `m${seq}`, room: '1', seq, rev: seq, author, kind: 'text', body, created_at, ...empty, ...more };
}

function sources(messages: Message[], more: Partial<RowSources> = {}): RowSources {
  return { messages, pending: [], divider: undefined, now: NOW, names: 0, ...more };
}

/** What a reader sees: "Today", "New · 1 message", "Bob: text 1" with a heading, "text 2" without. */
function seen(build: RowBuilder, given: RowSources) {
  return build.build(given).map((row) => {
    // Whether a comma follows the weekday depends on the version of the locale's data.
    if (row.kind !== 'message') return row.text.replace(',', '');
    return row.heading ? `${row.author.display_name}: ${row.body}` : row.body;
  });
}

test('rows of one author within five minutes stand under one heading', () => {
  const { build } = builder();
  const messages = [
    message(1, BOB, '2026-11-22T09:00:00Z'),
    message(2, BOB, '2026-11-22T09:05:00Z'),
    message(3, BOB, '2026-11-22T09:10:01Z'),
    message(4, ANN, '2026-11-22T09:10:02Z'),
    message(5, BOB, '2026-11-22T09:10:03Z'),
  ];
  expect(seen(build, sources(messages))).toEqual([
    'Today',
    'Bob: text 1',
    'text 2',
    'Bob: text 3',
    'Ann: text 4',
    'Bob: text 5',
  ]);
});

test('a day begins with its name', () => {
  const { build } = builder();
  const messages = [
    message(1, BOB, '2025-01-05T23:59:00Z'),
    message(2, BOB, '2026-11-14T23:59:00Z'),
    message(3, BOB, '2026-11-21T23:59:00Z'),
    message(4, BOB, '2026-11-22T00:01:00Z'),
  ];
  expect(seen(build, sources(messages))).toEqual([
    'Sunday 5 January 2025',
    'Bob: text 1',
    'Saturday 14 November',
    'Bob: text 2',
    'Yesterday',
    'Bob: text 3',
    'Today',
    'Bob: text 4',
  ]);
});

test('the New divider starts a group, and stands below the name of a day that begins with it', () => {
  const { build } = builder();
  const messages = [message(1, BOB, '2026-11-22T09:00:00Z'), message(2, BOB, '2026-11-22T09:01:00Z')];
  const divider = { seq: 2, count: 1 };
  expect(seen(build, sources(messages, { divider }))).toEqual([
    'Today',
    'Bob: text 1',
    'New · 1 message',
    'Bob: text 2',
  ]);

  const first = { seq: 1, count: 2 };
  expect(seen(build, sources(messages, { divider: first }))).toEqual([
    'Today',
    'New · 2 messages',
    'Bob: text 1',
    'text 2',
  ]);
});

test('a deleted message is a tombstone for a day, then nothing', () => {
  const { build } = builder();
  const deleted = { body: '', deleted_at: '2026-11-21T12:00:00.000Z' };
  const messages = [message(1, BOB, '2026-11-20T09:00:00Z', deleted)];
  expect(build.build(sources(messages))).toMatchObject([{ kind: 'day' }, { deleted: true, body: '' }]);
  expect(build.build(sources(messages, { now: NOW + 1 }))).toEqual([]);
});

test('a row that is for me is marked, and shows the name that its author has now', () => {
  const { build, names } = builder();
  const messages = [
    message(1, BOB, '2026-11-22T09:00:00Z', { body: '<@90> ask <@91>', mentions: ['90', '91'] }),
    message(2, BOB, '2026-11-22T09:00:00Z', { body: '<@91>', mentions: ['91'] }),
  ];
  expect(build.build(sources(messages)).slice(1)).toMatchObject([{ mentionsMe: true }, { mentionsMe: false }]);
  names.set(BOB.id, 'Robert');
  expect(seen(build, sources(messages, { names: 1 }))).toEqual(['Today', 'Robert: <@90> ask <@91>', '<@91>']);
});

test('a row says who wrote it when, and to whom if it is private', () => {
  const messages = [message(1, BOB, '2026-11-22T09:12:00Z'), message(2, ANN, '2026-11-22T09:13:00Z')];
  const labels = (privateTo?: string) =>
    builder(privateTo)
      .build.build(sources(messages))
      .map((row) => (row.kind === 'message' ? row.label : ''));
  expect(labels()).toEqual(['', 'Bob, 09:12', 'You, 09:13']);
  expect(labels('Bob')).toEqual(['', 'Bob, 09:12, private to you', 'You, 09:13, private to Bob']);
});

test('a row that did not change is the same object, so that nothing is drawn again', () => {
  const { build } = builder();
  const [one, two] = [message(1, BOB, '2026-11-22T09:00:00Z'), message(2, BOB, '2026-11-22T09:01:00Z')];
  const before = build.build(sources([one, two]));
  const edited = { ...two, rev: 3, body: 'edited' };
  const after = build.build(sources([one, edited, message(3, ANN, '2026-11-22T09:02:00Z')]));
  expect(after[1]).toBe(before[1]);
  expect(after[2]).not.toBe(before[2]);
  expect(after[2]?.key).toBe(before[2]?.key);
});

test('an own message on its way has the key that it has afterwards', () => {
  const { build } = builder();
  const record = { cid: 'x', order: 1, lane: '1', from: '1', body: 'hi', writtenAt: NOW, freshAt: NOW };
  const entry = new OutboxEntry(record);
  const sending = build.build(sources([], { pending: [entry] })).at(-1);
  expect(sending).toMatchObject({ key: 'cx', state: 'sending', mine: true });
  entry.state = 'failed';
  entry.problem = 'Not sent. No.';
  expect(build.build(sources([], { pending: [entry] })).at(-1)).toMatchObject({
    state: 'failed',
    problem: 'Not sent. No.',
  });
  const sent = message(1, ANN, '2026-11-22T12:00:00Z', { cid: 'x', body: 'hi' });
  expect(build.build(sources([sent])).at(-1)).toMatchObject({ key: 'cx', state: 'sent', seq: 1 });
});
