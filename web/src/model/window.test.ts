import { expect, test } from 'vitest';
import type { Message } from '../wire';
import { Window } from './window.svelte';

function message(seq: number, rev: number, body = `text ${seq}`): Message {
  const author = { id: '91', name: 'bob', display_name: 'Bob' };
  const created_at = '2026-11-22T09:00:00.000Z';
  const empty = { files: [], reactions: [], mentions: [] };
  return { id: `m${seq}`, room: '1', seq, rev, author, kind: 'text', body, created_at, ...empty };
}

function run(first: number, last: number): Message[] {
  return Array.from({ length: last - first + 1 }, (_, n) => message(first + n, first + n));
}

const seqs = (window: Window) => [...window.messages()].map(({ seq }) => seq);

test('an older state of a message does not replace a newer one', () => {
  const window = new Window({ messages: [message(1, 5, 'edited')], first: 1, last: 1 });
  window.put(message(1, 1, 'as sent'));
  expect(window.get(1)?.body).toBe('edited');
  window.prepend({ messages: [message(1, 1, 'as sent')], first: 1, last: 1 });
  expect(window.get(1)?.body).toBe('edited');
});

test('an acknowledged message may stand before the one above it has come', () => {
  const window = new Window({ messages: run(1, 3), first: 1, last: 3 });
  window.put(message(5, 5));
  expect(seqs(window)).toEqual([1, 2, 3, 5]);
  window.put(message(4, 4));
  expect(seqs(window)).toEqual([1, 2, 3, 4, 5]);
});

test('an empty room takes its first messages in whichever order they come', () => {
  const window = new Window({ messages: [], first: 0, last: 0 });
  window.put(message(2, 3));
  window.put(message(1, 2));
  expect(seqs(window)).toEqual([1, 2]);
  expect(window.hasOlder).toBe(false);
});

test('an empty room takes its first message', () => {
  const window = new Window({ messages: [], first: 0, last: 0 });
  expect(window).toMatchObject({ hasOlder: false, hasNewer: false });
  window.put(message(1, 2));
  expect(seqs(window)).toEqual([1]);
  expect(window.hasOlder).toBe(false);
});

test('a page from the middle takes what was changed in it, and nothing newer than its end', () => {
  const window = new Window({ messages: run(10, 20), first: 1, last: 40 });
  expect(window).toMatchObject({ hasOlder: true, hasNewer: true });
  window.put(message(41, 50));
  window.put(message(9, 51));
  window.put(message(15, 52, 'edited'));
  expect(seqs(window)).toEqual(run(10, 20).map(({ seq }) => seq));
  expect(window.get(15)?.body).toBe('edited');
});
