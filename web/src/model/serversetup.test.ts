import { beforeEach, expect, test } from 'vitest';
import { RequestError } from '../net/requesterror';
import { FakeServer } from '../testing/fakeserver';
import { Person, newDevice } from '../testing/fixture';
import type { Requests } from '../wire';
import { ServerSetup } from './serversetup.svelte';

beforeEach(newDevice);

/** Ann owns a server; `asked` is what it was asked to change. */
async function owner(change: Partial<FakeServer> = {}) {
  const server = Object.assign(new FakeServer('ann'), change);
  const asked: Requests['server:update']['in'][] = [];
  server.answers['server:update'] = (_by, given) => {
    asked.push(given);
    if (given.name === 'bad') throw new RequestError('invalid', 'Not this name.', { field: 'name' });
    const { set_up: _, ...settings } = given;
    server.settings = { ...server.settings, ...settings };
    return { server: server.settings };
  };
  const ann = await Person.at(server, 'ann');
  return { ann, server, asked, setup: new ServerSetup(ann.chat, ann.chat.server) };
}

test('each answer is kept when one goes on, and only if it is another', async () => {
  const { ann, asked, setup } = await owner();
  expect([setup.step, setup.number, setup.name]).toEqual(['name', 1, 'Acme chat']);
  await setup.next();
  expect([setup.step, asked]).toEqual(['joining', []]);
  setup.registration = 'invite';
  await setup.next();
  expect([setup.step, asked]).toEqual(['sharing', [{ registration: 'invite' }]]);
  setup.back();
  setup.back();
  setup.name = ' Bees ';
  await setup.next();
  expect(asked.at(-1)).toEqual({ name: 'Bees' });
  expect([ann.chat.server.name, ann.chat.title]).toEqual(['Bees', 'Bees']);
});

test('an answer that is refused, or none, is asked again', async () => {
  const { setup, asked } = await owner();
  setup.name = ' ';
  await setup.next();
  expect([setup.step, setup.nameless, asked]).toEqual(['name', true, []]);
  setup.name = 'bad';
  await setup.next();
  expect([setup.step, setup.nameless, setup.problem]).toEqual(['name', false, 'Not this name.']);
});

test('the owner of a new server is asked until it is finished', async () => {
  const { ann, asked, setup } = await owner({ isNew: true });
  expect(ann.chat.server.isNew).toBe(true);
  await setup.finish();
  expect([ann.chat.server.isNew, asked]).toEqual([false, [{ set_up: true }]]);
});

test('what changes elsewhere is seen here, and known on this device without a connection', async () => {
  const { ann, server } = await owner();
  for (const one of server.listeners) {
    one.hear({ name: 'server:changed', payload: { name: 'Bees', registration: 'closed', fixed: ['name'] } });
  }
  expect(ann.chat.server).toMatchObject({ name: 'Bees', registration: 'closed', fixed: ['name'] });
  const later = await ann.reload((link) => (link.reachable = false));
  expect(later.chat.title).toBe('Bees');
});
