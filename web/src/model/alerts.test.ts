import { beforeEach, expect, test } from 'vitest';
import { FakeServer } from '../testing/fakeserver';
import { Person, newDevice } from '../testing/fixture';

beforeEach(newDevice);

const EVERYONE = '1';

async function scene() {
  const server = new FakeServer('ann', 'bob');
  const bob = server.user('bob').id;
  const design = server.addRoom('design', 'public', server.user('ann').id, bob).room.id;
  const ann = await Person.at(server, 'ann');
  await ann.open(EVERYONE);
  const mention = `look <@${ann.chat.me.id}>`;
  const direct = () =>
    server.answer(bob, 'message:send', { to: ann.chat.me.id, cid: String(Math.random()), body: 'hi' });
  return { server, bob, design, ann, mention, direct };
}

test('a tone is for what is addressed to me, elsewhere or while nobody looks', async () => {
  const { server, bob, design, ann, mention, direct } = await scene();
  server.post(bob, EVERYONE, 'to all');
  server.post(bob, EVERYONE, mention); // here, and looked at
  expect(ann.host.rings).toEqual([]);
  server.post(bob, design, 'to all of design');
  expect(ann.host.rings).toEqual([]);
  server.post(bob, design, mention);
  direct();
  expect(ann.host.rings).toEqual([0.6, 0.6]);
  ann.host.signal('blur');
  server.post(bob, EVERYONE, mention);
  expect(ann.host.rings).toHaveLength(3);
});

test('no sound is no sound, every message is every message, and both survive a reload', async () => {
  const { server, bob, design, ann, direct } = await scene();
  ann.chat.alerts.sound = 'none';
  direct();
  expect(ann.host.rings).toEqual([]);
  ann.chat.alerts.sound = 'all';
  ann.chat.alerts.volume = 20;
  const again = await ann.reload();
  server.post(bob, design, 'to all of design');
  expect(again.host.rings).toEqual([0.2]);
});

test('a screen reader is told of what it asked for', async () => {
  const { server, bob, ann, mention } = await scene();
  ann.chat.alerts.spoken = 'mentions';
  server.post(bob, EVERYONE, 'to all');
  await ann.host.advance(1000);
  expect(ann.chat.announcer.polite).toBe('');
  server.post(bob, EVERYONE, mention);
  await ann.host.advance(1000);
  expect(ann.chat.announcer.polite).toMatch(/^Bob: look/);
});
