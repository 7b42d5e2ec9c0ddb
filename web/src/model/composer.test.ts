import { beforeEach, expect, test } from 'vitest';
import { settled } from '../testing/fakehost';
import { FakeServer } from '../testing/fakeserver';
import { Person, newDevice } from '../testing/fixture';

beforeEach(newDevice);

const EVERYONE = '1';

/** Ann in Everyone, with Bob present and Chen not. */
async function annWriting() {
  const server = new FakeServer('ann', 'bob', 'chen');
  await Person.at(server, 'bob');
  const ann = await Person.at(server, 'ann');
  await ann.open(EVERYONE);
  const [bob, chen] = [server.user('bob').id, server.user('chen').id];
  return { server, ann, bob, chen, composer: ann.here.composer };
}

/** The bodies of a room's messages, of the direct conversation where there is no id. */
function bodies(server: FakeServer, room?: string) {
  const found = [...server.rooms.values()].find((kept) => (room ? kept.room.id === room : kept.room.kind === 'dm'));
  return found?.messages.map((message) => message.body) ?? [];
}

test('in Everyone both buttons are there, and Enter sends to everyone', async () => {
  const { ann, server, composer } = await annWriting();
  expect(composer.chip).toBe('Everyone');
  expect(composer.roomButton).toEqual({ label: 'Send to everyone', short: 'Everyone', armed: true, private: false });
  expect(composer.personButton).toMatchObject({ label: 'Send to a person…', armed: false, private: true });
  await ann.write('hello');
  expect(bodies(server, EVERYONE)).toEqual(['hello']);
  expect(composer.text).toBe('');
});

test('in a room the button names the room', async () => {
  const { ann } = await annWriting();
  await ann.chat.createRoom('Design', { private: false, members: [] });
  await settled();
  expect(ann.here.composer.roomButton).toMatchObject({ label: 'Send to everyone in Design', short: 'Design' });
  expect(ann.here.composer.chip).toBe('# Design');
});

test('choosing a person arms, sends nothing, and is said once', async () => {
  const { ann, server, composer, bob } = await annWriting();
  composer.write('on it');
  expect(composer.sendToPerson()).toBe('pick');
  composer.armPerson(bob);
  composer.armPerson(bob);
  await settled();
  expect(server.sends).toEqual([]);
  expect(composer).toMatchObject({ armed: 'person', text: 'on it', chip: 'Bob' });
  expect(composer.note).toBe('Only you and Bob will see this.');
  expect(composer.personButton).toMatchObject({ label: 'Send to Bob', short: 'Bob', armed: true });
  expect(ann.chat.announcer.polite).toBe('Now writing to Bob, private');
});

test('armed for a person, Enter writes to that person only, and the chip stays', async () => {
  const { ann, server, composer, bob } = await annWriting();
  composer.armPerson(bob);
  await ann.write('just us');
  expect(bodies(server, EVERYONE)).toEqual([]);
  expect(bodies(server)).toEqual(['just us']);
  expect(composer).toMatchObject({ armed: 'person', chip: 'Bob' });
  expect(composer.sent).toEqual({ text: 'Sent to Bob.', key: `@${bob}` });
  composer.write('n');
  expect(composer.sent).toBeUndefined();
});

test('the other button sends to the other audience, and arms nothing', async () => {
  const { server, composer, bob } = await annWriting();
  composer.armPerson(bob);
  composer.armRoom();
  composer.write('psst');
  expect(composer.sendOther()).toBe('done');
  await settled();
  expect(bodies(server)).toEqual(['psst']);
  expect(composer.armed).toBe('room');
});

test('words begun in private are asked about before they go public', async () => {
  const { server, composer, bob } = await annWriting();
  composer.armPerson(bob);
  composer.write('about Chen');
  composer.sendToRoom();
  expect(composer.guard?.question).toBe('You wrote this to Bob. Send it to everyone?');
  expect([composer.guard?.confirmLabel, composer.guard?.keepLabel]).toEqual(['Send to everyone', 'Keep private']);
  composer.guard?.keep();
  await settled();
  expect(server.sends).toEqual([]);
  expect(composer).toMatchObject({ text: 'about Chen', armed: 'person', guard: undefined });

  composer.armRoom();
  composer.send();
  composer.guard?.confirm();
  await settled();
  expect(bodies(server, EVERYONE)).toEqual(['about Chen']);
  expect(bodies(server)).toEqual([]);
});

test('the guard outlives a reload', async () => {
  const { ann, composer, bob } = await annWriting();
  composer.armPerson(bob);
  composer.write('about Chen');
  await ann.host.advance(300);
  const again = await ann.reload();
  await again.open(EVERYONE);
  expect(again.here.composer).toMatchObject({ text: 'about Chen', armed: 'person' });
  again.here.composer.armRoom();
  again.here.composer.send();
  expect(again.here.composer.guard?.question).toBe('You wrote this to Bob. Send it to everyone?');
});

test('words begun in public go private without a question', async () => {
  const { server, composer, bob } = await annWriting();
  composer.write('hello');
  composer.armPerson(bob);
  composer.send();
  await settled();
  expect(composer.guard).toBeUndefined();
  expect(bodies(server)).toEqual(['hello']);
});

test('"/to bob", typed letter by letter, does not come back when the room is written to again', async () => {
  const { composer } = await annWriting();
  for (const typed of ['/', '/t', '/to', '/to ', '/to b', '/to bo', '/to bob', '/to bob ']) composer.write(typed);
  expect(composer).toMatchObject({ armed: 'person', text: '' });
  expect(composer.escape()).toBe(true);
  expect(composer).toMatchObject({ armed: 'room', text: '' });
});

test('"/to" with a name chooses the person; an unknown name sends nothing to anybody', async () => {
  const { server, composer } = await annWriting();
  composer.write('/to BOB ');
  expect(composer).toMatchObject({ text: '', chip: 'Bob', armed: 'person' });

  composer.armRoom();
  composer.write('/to bop the secret');
  composer.send();
  await settled();
  expect(composer).toMatchObject({ text: '/to bop the secret', problem: 'Nobody here is called bop.' });
  expect(server.sends).toEqual([]);
  composer.write('/today is fine');
  composer.send();
  await settled();
  expect(bodies(server, EVERYONE)).toEqual(['/today is fine']);
});

test('somebody who is not here gets it later, and the chip says so', async () => {
  const { composer, chen } = await annWriting();
  composer.armPerson(chen);
  expect(composer.chip).toBe('Chen (offline)');
  expect(composer.hint).toBe('Chen will get this when back.');
});

test('Esc goes back to everyone only when nothing is written', async () => {
  const { composer, bob } = await annWriting();
  composer.armPerson(bob);
  composer.write('x');
  expect(composer.escape()).toBe(false);
  composer.write('');
  expect(composer.escape()).toBe(true);
  expect(composer.armed).toBe('room');
  expect(composer.escape()).toBe(false);
});

test('leaving resets the audience unless words wait', async () => {
  const { ann, composer, bob } = await annWriting();
  composer.armPerson(bob);
  ann.chat.close();
  await ann.open(EVERYONE);
  expect(composer).toMatchObject({ armed: 'room', person: undefined });

  composer.armPerson(bob);
  composer.write('later');
  ann.chat.close();
  expect(ann.chat.sidebar.rooms[0]?.draft).toBe(true);
  await ann.open(EVERYONE);
  expect(composer).toMatchObject({ armed: 'person', text: 'later' });
});

test('a draft is kept for each audience, 300 ms after typing', async () => {
  const { ann, composer, bob, chen } = await annWriting();
  composer.armPerson(bob);
  composer.write('to bob');
  await ann.host.advance(299);
  const early = await ann.reload();
  expect(early.chat.drafts.has(EVERYONE)).toBe(false);
  await ann.host.advance(1);
  const again = await ann.reload();
  await again.open(EVERYONE);
  again.here.composer.write('');
  again.here.composer.armPerson(chen);
  again.here.composer.write('to chen');
  again.here.composer.write('');
  expect(again.chat.drafts.has(EVERYONE)).toBe(false);
});

test('each audience gets its own words back while nothing is written', async () => {
  const { ann, composer, bob } = await annWriting();
  ann.chat.drafts.keep({ conversation: EVERYONE, audience: bob, text: 'for bob', privateTo: bob });
  composer.armPerson(bob);
  expect(composer.text).toBe('for bob');
});

test('a message that is too long stays in the box, with the reason', async () => {
  const { server, composer } = await annWriting();
  composer.write('😀'.repeat(8001));
  composer.send();
  await settled();
  expect(server.sends).toEqual([]);
  expect(composer.problem).toBe('This message has 8,001 characters. The limit here is 8,000.');
  composer.write('😀'.repeat(8000));
  expect(composer.problem).toBe('');
  composer.send();
  await settled();
  expect(server.sends).toHaveLength(1);
});

test('nothing but white space is not sent', async () => {
  const { server, ann } = await annWriting();
  await ann.write(' \n ');
  expect(server.sends).toEqual([]);
});

test('in a direct conversation there is one button and no other audience', async () => {
  const { ann, server, bob } = await annWriting();
  ann.chat.openDirect(bob);
  await settled();
  const { composer } = ann.here;
  expect(composer.direct).toBe(true);
  expect(composer.roomButton).toBeUndefined();
  expect(composer.personButton).toMatchObject({ label: 'Send to Bob', armed: true });
  composer.armRoom();
  expect(composer.sendOther()).toBe('done');
  expect(composer.escape()).toBe(false);
  await ann.write('hello');
  expect(bodies(server)).toEqual(['hello']);
  expect(composer.sent).toBeUndefined();
});

test('what could not be sent privately comes back to the private composer', async () => {
  const { ann, composer, bob } = await annWriting();
  ann.link.cut();
  composer.armPerson(bob);
  await ann.write('old words');
  await ann.host.advance(11 * 60_000);
  ann.link.connect();
  await settled();
  composer.armRoom();
  await ann.open(`@${bob}`);
  expect(ann.rows).toMatchObject([{ state: 'held' }]);
  ann.chat.outbox.edit(ann.rows[0]?.cid ?? '');
  await settled();
  expect(ann.here.key).toBe(EVERYONE);
  expect(composer).toMatchObject({ text: 'old words', armed: 'person' });
  composer.sendToRoom();
  expect(composer.guard).toBeDefined();
});

test('typing tells the armed audience only, at most every 3 s', async () => {
  const { ann, composer, bob } = await annWriting();
  composer.write('h');
  composer.write('he');
  composer.armPerson(bob);
  composer.write('hel');
  await ann.host.advance(2_999);
  composer.write('hell');
  await ann.host.advance(1);
  composer.write('hello');
  composer.write('');
  expect(ann.link.casts).toEqual([
    { event: 'typing', room: EVERYONE },
    { event: 'typing', to: bob },
    { event: 'typing', to: bob },
  ]);
});
