import { beforeEach, expect, test } from 'vitest';
import { FakeServer } from '../testing/fakeserver';
import { Person, newDevice } from '../testing/fixture';
import type { Trace } from '../wire';
import { codeOf } from './wirecode';
import { WireView } from './wireview.svelte';

beforeEach(newDevice);

async function annWatches() {
  const server = new FakeServer('ann', 'bob');
  const [me, bob] = [server.user('ann').id, server.user('bob').id];
  const sent: string[] = [];
  for (const event of ['wire:on', 'wire:off'] as const) {
    server.answers[event] = () => {
      sent.push(event);
      return {};
    };
  }
  const ann = await Person.at(server, 'ann');
  const view = new WireView(ann.chat);
  await view.start();
  let id = 0;
  const trace = (more: Partial<Trace>): Trace => {
    const given: Trace = {
      id: ++id,
      t: '2026-11-22T09:00:00.000Z',
      event: 'message:new',
      dir: 'out',
      scope: 'all',
      to: [view.own, `${me}.tab2`, `${bob}.aaaa`],
      reached: 3,
      of: 4,
      bytes: 100,
      ms: 1,
      ...more,
    };
    view.traced(given);
    return given;
  };
  return { server, ann, me, bob, view, trace, sent };
}

test('each open tab is a dot of its own, and this one is known', async () => {
  const { view, trace } = await annWatches();
  trace({});
  expect(view.dots.map(({ name, self, me, reached }) => ({ name, self, me, reached }))).toEqual([
    { name: 'Ann', self: true, me: true, reached: true },
    { name: 'Ann 2', self: false, me: true, reached: true },
    { name: 'Bob', self: false, me: false, reached: true },
  ]);
  expect(view.unknown).toBe(1);
});

test('whom an event did not reach stays, and is not marked; an older event can be looked at', async () => {
  const { view, trace, me, bob } = await annWatches();
  const first = trace({});
  trace({ event: 'typing', scope: 'all_but_me', from: view.own, to: [`${me}.tab2`, `${bob}.aaaa`], reached: 2 });
  expect(view.dots.filter((dot) => !dot.reached).map((dot) => dot.self)).toEqual([true]);
  view.show(first.id);
  expect(view.dots.every((dot) => dot.reached)).toBe(true);
  view.show(undefined);
  expect(view.shown?.event).toBe('typing');
});

test('what I asked the server is listed, and does not push away what it sent', async () => {
  const { view, trace } = await annWatches();
  trace({});
  const asked = trace({ event: 'message:send', dir: 'in', scope: 'self', from: view.own, to: [] });
  expect(view.rows[0]).toBe(asked);
  expect(view.shown?.event).toBe('message:new');
  view.show(asked.id);
  expect(view.shown).toBe(asked);
});

test('a wave of mine stays in the picture until somebody writes', async () => {
  const { view, trace, bob } = await annWatches();
  const wave = trace({ event: 'wire:wave', from: view.own });
  trace({ event: 'presence', to: [`${bob}.aaaa`], reached: 1 });
  expect(view.shown).toBe(wave);
  const message = trace({});
  trace({ event: 'read:changed', scope: 'one', to: [], reached: 0 });
  expect(view.shown).toBe(message);
});

test('a socket is in the rooms in which something reached it', async () => {
  const { view, trace, bob } = await annWatches();
  trace({ scope: 'room', room: '7', to: [`${bob}.aaaa`] });
  trace({ scope: 'room', room: '8', to: [`${bob}.aaaa`, view.own] });
  expect(view.roomsOf(`${bob}.aaaa`)).toEqual(['7', '8']);
  expect(view.roomsOf(view.own)).toEqual(['8']);
});

test('no more than two hundred events are kept, and what the server left out is counted', async () => {
  const { view, trace } = await annWatches();
  for (let n = 0; n < 250; n++) trace({});
  trace({ event: '', more: 134, to: [] });
  expect([view.rows.length, view.left]).toEqual([200, 134]);
});

test('while paused, or not wanted any more, nothing moves', async () => {
  const { view, trace, sent } = await annWatches();
  view.pause(true);
  trace({});
  expect(view.rows).toEqual([]);
  view.pause(false);
  view.stop();
  trace({});
  expect(view.rows).toEqual([]);
  expect(sent).toEqual(['wire:on', 'wire:off']);
});

test('where the server does not show it, it says so', async () => {
  const { ann, server } = await annWatches();
  delete server.answers['wire:on'];
  const view = new WireView(ann.chat);
  await view.start();
  expect(view.problem).not.toBe('');
});

test('a guess is right when it names exactly those who got the wave', async () => {
  const { server, view, trace, me, bob } = await annWatches();
  const others = [`${me}.tab2`, `${bob}.aaaa`];
  trace({});
  server.answers['wire:wave'] = (_by, { scope }) => {
    trace({ event: 'wire:wave', scope, from: view.own, to: others, reached: 2 });
    return {};
  };
  view.askFirst('all_but_me');
  view.pick(view.own);
  for (const alias of others) view.pick(alias);
  await view.answer();
  expect(view.guess?.right).toBe(false);

  view.askFirst('all_but_me');
  for (const alias of [...others, view.own, view.own]) view.pick(alias);
  await view.answer();
  expect(view.guess?.right).toBe(true);
  view.pick(view.own);
  expect(view.guess?.picked.size).toBe(2);
});

test('the code line is the one that a server would write', async () => {
  const { trace } = await annWatches();
  const line = (more: Partial<Trace>, language: 'go' | 'js' = 'js') => codeOf(trace(more), 'design', language);
  expect(line({ scope: 'self', event: 'ready' })).toBe('socket.emit("ready", …)');
  expect(line({ scope: 'room' })).toBe('io.to("design").emit("message:new", …)');
  expect(line({ scope: 'room_but_me', event: 'typing' }, 'go')).toBe('socket.To("design").Emit("typing", …)');
  expect(line({ scope: 'all_but_me', event: 'typing' }, 'go')).toBe('socket.Broadcast().Emit("typing", …)');
  expect(line({ scope: 'all' }, 'go')).toBe('io.Emit("message:new", …)');
  expect(line({ dir: 'in', event: 'sync' })).toBe('socket.on("sync", (payload, ack) => …)');
});
