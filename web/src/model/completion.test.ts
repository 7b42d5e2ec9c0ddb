import { beforeEach, expect, test } from 'vitest';
import { settled } from '../testing/fakehost';
import { FakeServer } from '../testing/fakeserver';
import { Person, newDevice } from '../testing/fixture';
import { Completion } from './completion.svelte';
import { readersOf } from './readers';

beforeEach(newDevice);

const EVERYONE = '1';

/** Ann in the room "Reading club" with Bob; Bea and Chen are elsewhere. */
async function annWriting() {
  const server = new FakeServer('ann', 'bob', 'bea', 'chen');
  for (const name of ['bob', 'bea']) await Person.at(server, name);
  const ann = await Person.at(server, 'ann');
  await ann.chat.createRoom('Reading club', { private: true, members: [server.user('bob').id] });
  await settled();
  await ann.here.loadMembers();
  return { ann, ...completing(ann) };
}

function completing(person: Person) {
  const counts: number[] = [];
  const { people, rooms, me } = person.chat;
  const completion = new Completion({
    people,
    rooms,
    me: me.id,
    readers: () => readersOf(person.here, people),
    everyone: () => 'Everyone',
    emoji: async (query) => (query.startsWith('smi') ? [{ char: '😀', name: 'smiling face' }] : []),
    counted: (count) => counts.push(count),
  });
  /** What is offered for a text with the caret at "|", or at its end. */
  const look = async (written: string) => {
    const caret = written.includes('|') ? written.indexOf('|') : written.length;
    completion.look(written.replace('|', ''), caret);
    await settled();
    return completion.suggestions.map((one) => one.insert);
  };
  return { completion, counts, look };
}

/** A text with what was chosen in it. */
function applied(text: string, chosen: ReturnType<Completion['choose']>): string {
  if (!chosen) throw new Error('nothing was chosen');
  return text.slice(0, chosen.from) + chosen.text + text.slice(chosen.to);
}

test('people of the room come first, the others are marked, and I am not among them', async () => {
  const { look, completion } = await annWriting();
  expect(await look('hello @')).toEqual(['@bob', '@everyone', '@bea', '@chen']);
  const here = completion.suggestions.flatMap((one) => (one.kind === 'person' ? [one.here] : []));
  expect(here).toEqual([true, false, false]);
});

test('what begins with the letters is found, whatever the case; everyone too', async () => {
  const { look } = await annWriting();
  expect(await look('@B')).toEqual(['@bob', '@bea']);
  expect(await look('@ev')).toEqual(['@everyone']);
  expect(await look('@ob')).toEqual([]);
});

test('in Everyone all are here, and nobody is marked', async () => {
  const { ann, look, completion } = await annWriting();
  await ann.open(EVERYONE);
  await look('@');
  expect(completion.suggestions.every((one) => one.kind !== 'person' || one.here)).toBe(true);
});

test('where it is not known who is in a room, nobody is said to be outside', async () => {
  const { ann } = await annWriting();
  await ann.host.advance(1000);
  const again = await ann.reload((link) => link.cut());
  await again.open(ann.here.key);
  const { look, completion } = completing(again);
  expect(await look('@b')).toEqual(['@bea', '@bob']);
  expect(completion.suggestions.every((one) => one.kind === 'person' && one.here)).toBe(true);
});

test('a private text is read by one person, a direct conversation by those in it', async () => {
  const { ann } = await annWriting();
  const { people } = ann.chat;
  const bob = people.byName('bob')?.id ?? '';
  expect(readersOf(ann.here, people, bob)).toEqual(new Set([bob]));
  await ann.open(`@${bob}`);
  expect(readersOf(ann.here, people)).toEqual(new Set([bob]));
});

test('what is chosen takes the place of the word, with one space behind it', async () => {
  const { look, completion } = await annWriting();
  await look('hi @bo');
  expect(applied('hi @bo', completion.choose())).toBe('hi @bob ');
  await look('hi @bo|bby, you');
  expect(applied('hi @bobby, you', completion.choose())).toBe('hi @bob, you');
  await look('hi @bo| there');
  expect(applied('hi @bo there', completion.choose())).toBe('hi @bob there');
  expect(completion.suggestions).toEqual([]);
});

test('rooms are written so that they can be read again', async () => {
  const { ann, look, completion } = await annWriting();
  expect(await look('see #clu')).toEqual(['#Reading-club']);
  expect(applied('see #clu', completion.choose())).toBe('see #Reading-club ');
  expect(ann.chat.rooms.named('reading-club')?.head.room.name).toBe('Reading club');
});

test('emoji are found from the second letter on, and stand without a space', async () => {
  const { look, completion } = await annWriting();
  expect(await look('fine :s')).toEqual([]);
  expect(await look('fine :smi')).toEqual(['😀']);
  expect(applied('fine :smi', completion.choose())).toBe('fine 😀');
});

test('an answer that comes after the word was left is not shown', async () => {
  const { completion } = await annWriting();
  completion.look(':smi', 4);
  completion.look(':smi ', 5);
  await settled();
  expect(completion.suggestions).toEqual([]);
});

test.each(['ann@b', 'at 10:30', ':)', 'https://b', '`@b', 'a#b', '@b c', '<@b'])(
  '%j asks for nothing',
  async (text) => {
    const { look } = await annWriting();
    expect(await look(text)).toEqual([]);
  },
);

test('Esc is for the word at hand: the next word asks again', async () => {
  const { look, completion } = await annWriting();
  await look('@b');
  completion.dismiss();
  expect(await look('@bo')).toEqual([]);
  expect(await look('@bo @b')).toEqual(['@bob', '@bea']);
});

test('the keys go around the ends', async () => {
  const { look, completion } = await annWriting();
  await look('@b');
  completion.move(-1);
  expect(completion.active).toBe(1);
  completion.move(1);
  expect(completion.active).toBe(0);
});

test('how many there are is said when it changes', async () => {
  const { look, counts } = await annWriting();
  await look('@');
  await look('@b');
  await look('@bo');
  await look('@bob');
  await look('@bobx');
  expect(counts).toEqual([4, 2, 1]);
});
