import { beforeEach, expect, test } from 'vitest';
import { settled } from '../testing/fakehost';
import { FakeServer } from '../testing/fakeserver';
import { Person, newDevice } from '../testing/fixture';

beforeEach(newDevice);

async function annConnected() {
  const server = new FakeServer('ann', 'bob');
  const ann = await Person.at(server, 'ann');
  await ann.open('1');
  return { server, ann, connection: ann.chat.connection };
}

test('a first connection within two seconds shows nothing', async () => {
  const server = new FakeServer('ann');
  const ann = await Person.at(server, 'ann', { prepare: (link) => (link.reachable = false) });
  await ann.host.advance(1_999);
  expect(ann.chat.connection.banner).toBe('none');
  ann.link.connect();
  await ann.host.advance(10_000);
  expect(ann.chat.connection).toMatchObject({ banner: 'none', connected: true });
});

test('after two seconds without a connection the page says that it reconnects, and what that means', async () => {
  const { ann, connection } = await annConnected();
  ann.link.cut();
  await ann.host.advance(1_999);
  expect(connection.banner).toBe('none');
  await ann.host.advance(1);
  expect(connection.text).toBe('Reconnecting… You can keep writing; messages send when you are back.');
  connection.tryNow();
  expect(ann.link.retries).toBe(1);
});

test('back online is said for two seconds', async () => {
  const { ann, connection } = await annConnected();
  ann.link.cut();
  await ann.host.advance(2_000);
  ann.link.connect();
  expect(connection.text).toBe('Back online. Catching up…');
  await ann.host.advance(2_000);
  expect(connection.text).toBe('');
});

test('offline counts what waits, and tries at once when the network is back', async () => {
  const { ann, connection } = await annConnected();
  ann.link.cut();
  ann.host.signal('offline');
  expect(connection.text).toBe('You are offline. You can keep writing; messages send when you are back.');
  await ann.write('one');
  expect(connection.text).toBe('You are offline. 1 message is waiting.');
  await ann.write('two');
  await ann.write('three');
  expect(connection.text).toBe('You are offline. 3 messages are waiting.');
  ann.host.signal('online');
  expect(connection.banner).toBe('reconnecting');
  expect(ann.link.retries).toBe(1);
  ann.link.connect();
  await settled();
  expect(connection.banner).toBe('back');
});

test('coming back to the page tries at once', async () => {
  const { ann } = await annConnected();
  ann.link.cut();
  ann.host.signal('blur');
  ann.host.signal('focus');
  expect(ann.link.retries).toBe(1);
});

test('away is told after ten minutes without a look, and online with the next one', async () => {
  const { ann, server } = await annConnected();
  const told: string[] = [];
  const answer = server.answer.bind(server);
  server.answer = (user, event, payload) => {
    if (event === 'presence:set') told.push((payload as { state: string }).state);
    return answer(user, event, payload);
  };
  ann.host.signal('blur');
  await ann.host.advance(10 * 60_000 - 1);
  expect(told).toEqual([]);
  await ann.host.advance(1);
  expect(told).toEqual(['away']);
  ann.host.signal('focus');
  await settled();
  expect(told).toEqual(['away', 'online']);
});

test('while the connection is down nobody is shown as online', async () => {
  const { ann, server } = await annConnected();
  await Person.at(server, 'bob');
  const bob = server.user('bob').id;
  ann.link.hear({ name: 'presence', payload: [{ user: bob, state: 'online' }] });
  expect(ann.chat.people.presence(bob)).toBe('online');
  ann.link.cut();
  expect(ann.chat.people.presence(bob)).toBe('offline');
  ann.link.connect();
  await settled();
  expect(ann.chat.people.presence(bob)).toBe('online');
});
