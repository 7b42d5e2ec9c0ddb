import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RealPerson } from '../testing/realperson';
import { RoomCare } from '../model/roomcare.svelte';
import { RealServer } from '../testing/realserver';

const PASSWORD = 'a horse and a battery';

let server: RealServer;
let people: RealPerson[];

beforeEach(async () => {
  people = [];
  server = new RealServer();
  await server.start();
});

afterEach(async () => {
  for (const person of people) person.client.chat?.stop();
  await server.remove();
});

const within = { timeout: 15_000, interval: 20 };

function page(before?: RealPerson): RealPerson {
  const person = new RealPerson(server, before);
  people.push(person);
  return person;
}

/** Somebody who has just created an account and looks at Everyone. */
async function newPerson(name: string): Promise<RealPerson> {
  const person = page();
  await person.client.start();
  await person.signIn(name, PASSWORD);
  expect(person.client.signIn.state).toBe('new-name');
  person.client.signIn.passwordAgain = PASSWORD;
  await person.client.signIn.createAccount();
  expect(person.client.phase).toBe('chat');
  await expect.poll(() => person.chat.rooms.everyone, within).toBeDefined();
  person.chat.openEveryone();
  await expect.poll(() => person.here.status, within).toBe('ready');
  return person;
}

const id = (person: RealPerson) => person.chat.me.id;

test('two people sign in and write to everyone; a wrong password does not sign in', async () => {
  const ann = await newPerson('ann');
  const bob = await newPerson('bob');
  ann.write('Morning! <b>The</b> new header is in.');
  await expect.poll(() => bob.texts, within).toEqual(['Morning! <b>The</b> new header is in.']);
  bob.write('Looks great');
  await expect.poll(() => ann.texts.at(-1), within).toBe('Looks great');
  await expect.poll(() => ann.rows.map((row) => row.state), within).toEqual(['sent', 'sent']);

  const wrong = page();
  await wrong.client.start();
  await wrong.signIn('ann', 'not the password');
  expect(wrong.client.signIn.message).toBe('Incorrect username or password');
});

test('a private message reaches one person, and a third sees nothing', async () => {
  const ann = await newPerson('ann');
  const bob = await newPerson('bob');
  const chen = await newPerson('chen');
  await expect.poll(() => ann.chat.people.get(id(bob)), within).toBeDefined();
  ann.here.composer.armPerson(id(bob));
  ann.write('only for bob');
  await expect.poll(() => ann.here.composer.sent?.text, within).toBe('Sent to bob.');
  await expect.poll(() => bob.chat.sidebar.directs[0]?.badge, within).toBe('1');

  ann.here.composer.armRoom();
  ann.write('for everyone');
  await expect.poll(() => chen.texts, within).toEqual(['for everyone']);
  expect(chen.chat.sidebar.directs).toEqual([]);

  bob.chat.openDirect(id(ann));
  await expect.poll(() => bob.texts, within).toEqual(['only for bob']);
  bob.write('thanks');
  ann.chat.openDirect(id(bob));
  await expect.poll(() => ann.texts, within).toEqual(['only for bob', 'thanks']);
});

test('a room is created, found, looked at, joined and left', async () => {
  const ann = await newPerson('ann');
  const bob = await newPerson('bob');
  await ann.chat.createRoom('Design', { private: false, members: [] });
  await expect.poll(() => ann.here.status, within).toBe('ready');
  ann.write('first words');
  await expect.poll(() => ann.rows[0]?.state, within).toBe('sent');

  expect(await ann.chat.createRoom('design', { private: false, members: [] })).toBeUndefined();
  expect(ann.chat.directory.problem).not.toBe('');

  await bob.chat.directory.search('desi');
  const found = bob.chat.directory.existing('design');
  expect(found).toMatchObject({ name: 'Design', joined: false });
  bob.chat.open(found?.id ?? '');
  await expect.poll(() => bob.texts, within).toEqual(['first words']);
  expect(bob.here.joined).toBe(false);

  await bob.chat.join(found?.id ?? '');
  await expect.poll(() => bob.here.joined, within).toBe(true);
  bob.write('hello from bob');
  await expect.poll(() => ann.texts, within).toEqual(['first words', 'hello from bob']);
  await expect.poll(() => ann.here.membersCount, within).toBe(2);

  await new RoomCare(found?.id ?? '', bob.chat.link, bob.chat).leave();
  await expect.poll(() => bob.here.kind, within).toBe('everyone');
  await expect.poll(() => ann.here.membersCount, within).toBe(1);
});

test('what is unread is counted, divided and read by looking at it', async () => {
  const ann = await newPerson('ann');
  const bob = await newPerson('bob');
  bob.chat.close();
  for (const text of ['one', 'two', 'three']) ann.write(text);
  await expect.poll(() => bob.chat.sidebar.rooms[0]?.unread, within).toBe(3);
  bob.chat.openEveryone();
  await expect.poll(() => bob.texts, within).toHaveLength(3);
  expect(bob.here.rows.find((row) => row.kind === 'divider')?.text).toBe('New · 3 messages');
  bob.here.viewport(bob.rows[0]?.seq, bob.rows[2]?.seq, true);
  await expect.poll(() => bob.chat.sidebar.rooms[0]?.unread, within).toBe(0);

  const told = async () => (await bob.chat.link.request('sync', {})).rooms[0]?.unread;
  await expect.poll(told, within).toBe(0);
});

test('presence and typing are seen by others', async () => {
  const ann = await newPerson('ann');
  const bob = await newPerson('bob');
  await expect.poll(() => ann.chat.people.presence(id(bob)), within).toBe('online');
  bob.here.composer.write('h');
  await expect.poll(() => ann.here.typing, within).toBe('bob is typing…');
  bob.here.composer.write('');
  bob.vanish();
  await expect.poll(() => ann.chat.people.presence(id(bob)), { timeout: 20_000 }).toBe('offline');
});

test('three messages written offline arrive once and in order after a reload and a killed server', async () => {
  const ann = await newPerson('ann');
  const bob = await newPerson('bob');
  ann.write('before');
  await expect.poll(() => bob.texts, within).toEqual(['before']);
  await server.kill();
  await expect.poll(() => ann.chat.connection.connected, within).toBe(false);
  for (const text of ['one', 'two', 'three']) ann.write(text);
  await expect.poll(() => ann.chat.outbox.waiting, within).toBe(3);
  await expect.poll(() => ann.chat.rooms.cached(ann.here.key), within).toBeDefined();
  ann.vanish();

  const again = page(ann);
  await again.client.start();
  expect(again.client.phase).toBe('chat');
  again.chat.openEveryone();
  await expect.poll(() => again.texts, within).toEqual(['before', 'one', 'two', 'three']);
  await server.start();
  again.chat.connection.tryNow();
  bob.chat.connection.tryNow();
  await expect.poll(() => bob.texts, within).toEqual(['before', 'one', 'two', 'three']);
  await expect.poll(() => again.rows.map((row) => row.state), within).toEqual(Array(4).fill('sent'));
});

test('a server that is stopped and started again is found by itself', async () => {
  const ann = await newPerson('ann');
  const bob = await newPerson('bob');
  await server.stop();
  await expect.poll(() => ann.chat.connection.connected, within).toBe(false);
  ann.write('written meanwhile');
  await expect.poll(() => ann.chat.connection.banner, within).toBe('reconnecting');
  await server.start();
  await expect.poll(() => bob.texts, within).toEqual(['written meanwhile']);
  await expect.poll(() => ann.rows.map((row) => row.state), within).toEqual(['sent']);
});

test('history comes page by page while scrolling up', async () => {
  const ann = await newPerson('ann');
  for (let n = 1; n <= 40; n++) ann.write(`message ${n}`);
  await expect.poll(() => ann.chat.outbox.waiting, within).toBe(0);
  const { rooms } = ann.chat;
  const everyone = rooms.everyone;
  const page20 = await ann.chat.link.request('room:history', { room: everyone?.id ?? '', limit: 20 });
  everyone?.open(page20, everyone.rev);
  expect(ann.texts[0]).toBe('message 21');
  expect(ann.here.hasOlder).toBe(true);
  await ann.here.loadOlder();
  expect(ann.texts).toHaveLength(40);
  expect(ann.here.hasOlder).toBe(false);
});

test('signing out elsewhere ends the session here, and only here', async () => {
  const ann = await newPerson('ann');
  const tab = page(ann);
  await tab.client.start();
  await expect.poll(() => tab.chat.connection.connected, within).toBe(true);
  await tab.client.signOut();
  expect(tab.client.phase).toBe('sign-in');
  expect(tab.client.ended).toBeUndefined();
  await expect.poll(() => ann.client.phase, within).toBe('sign-in');
  expect(ann.client.ended).toBe('You were signed out on this device.');
});

test('a page whose cookie is worth nothing any more asks to sign in', async () => {
  const ann = await newPerson('ann');
  ann.vanish();
  const again = page(ann);
  again.cookie = 'parley_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
  await again.client.start();
  await expect.poll(() => again.client.phase, within).toBe('sign-in');
  expect(again.client.ended).toBe('You were signed out on this device.');
  expect(again.client.signIn.name).toBe('ann');
});
