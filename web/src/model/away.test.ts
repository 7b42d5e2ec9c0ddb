import { beforeEach, expect, test } from 'vitest';
import { settled } from '../testing/fakehost';
import { FakeServer } from '../testing/fakeserver';
import { Person, newDevice } from '../testing/fixture';

beforeEach(newDevice);

async function annIsWatched() {
  const server = new FakeServer('ann');
  const told: string[] = [];
  server.answers['presence:set'] = (_by, { state }) => {
    told.push(state);
    return {};
  };
  return { told, ann: await Person.at(server, 'ann') };
}

test('somebody is away after ten minutes elsewhere, and online on coming back', async () => {
  const { told, ann } = await annIsWatched();
  ann.host.signal('blur');
  await ann.host.advance(9 * 60_000);
  expect(told).toEqual([]);
  await ann.host.advance(60_000);
  ann.host.signal('focus');
  await settled();
  expect(told).toEqual(['away', 'online']);
});

test('who does not want to be disturbed stays so, also away, offline and after a reload', async () => {
  const { told, ann } = await annIsWatched();
  ann.chat.away.setDnd(true);
  ann.host.signal('blur');
  await ann.host.advance(10 * 60_000);
  ann.link.cut();
  ann.link.connect();
  await settled();
  const again = await ann.reload();
  expect(told).toEqual(['dnd', 'dnd', 'dnd', 'dnd']);
  again.chat.away.setDnd(false);
  await settled();
  expect(told.at(-1)).toBe('online');
});
