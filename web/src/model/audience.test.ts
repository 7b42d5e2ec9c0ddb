import { beforeEach, expect, test } from 'vitest';
import { settled } from '../testing/fakehost';
import { FakeServer } from '../testing/fakeserver';
import { Person, newDevice } from '../testing/fixture';

beforeEach(newDevice);

const EVERYONE = '1';

function said(server: FakeServer): string[] {
  return server.room(EVERYONE).messages.map((message) => message.body);
}

/** Ann in Everyone with so many people. */
async function annAmong(count: number) {
  const names = Array.from({ length: count - 2 }, (_, at) => `person${at}`);
  const server = new FakeServer('ann', 'bob', ...names);
  const ann = await Person.at(server, 'ann');
  await ann.open(EVERYONE);
  return { ann, server, composer: ann.here.composer, bob: server.user('bob').id };
}

test('calling everyone where there are many asks first, and names who that is', async () => {
  const { ann, server, composer } = await annAmong(11);
  await ann.write('lunch, @everyone?');
  expect(composer.guard).toMatchObject({
    question: 'Notify 10 people?',
    note: 'Everyone is told about your message.',
    confirmLabel: 'Send to everyone',
    keepLabel: 'Keep writing',
  });
  composer.guard?.keep();
  await settled();
  expect([composer.text, server.sends]).toEqual(['lunch, @everyone?', []]);
  composer.send();
  composer.guard?.confirm();
  await settled();
  expect(said(server)).toEqual(['lunch, @everyone?']);
});

test('ten people are called without a question', async () => {
  const { ann, server, composer } = await annAmong(10);
  await ann.write('@everyone');
  expect(composer.guard).toBeUndefined();
  expect(said(server)).toEqual(['@everyone']);
});

test.each(['`@everyone`', 'me@everyone.example', '@everyone-else', '```\n@everyone\n```', 'everyone'])(
  '%j calls nobody',
  async (text) => {
    const { ann, composer } = await annAmong(12);
    await ann.write(text);
    expect(composer.guard).toBeUndefined();
  },
);

test('private words that call everyone are asked about twice', async () => {
  const { server, composer, bob } = await annAmong(12);
  composer.armPerson(bob);
  composer.write('@everyone');
  composer.sendToRoom();
  expect(composer.guard?.question).toBe('You wrote this to Bob. Send it to everyone?');
  composer.guard?.confirm();
  expect(composer.guard?.question).toBe('Notify 11 people?');
  composer.guard?.confirm();
  await settled();
  expect(said(server)).toEqual(['@everyone']);
});
