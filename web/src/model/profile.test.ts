import { beforeEach, expect, test } from 'vitest';
import { settled } from '../testing/fakehost';
import { FakeServer } from '../testing/fakeserver';
import { Person, newDevice } from '../testing/fixture';
import { Profile } from './profile.svelte';

beforeEach(newDevice);

async function annLooksAtBob() {
  const server = new FakeServer('ann', 'bob');
  const ann = await Person.at(server, 'ann');
  const bob = server.user('bob');
  return { server, ann, bob, profile: new Profile(bob.id, ann.chat) };
}

test('a card shows what the server knows now', async () => {
  const { server, bob, profile } = await annLooksAtBob();
  server.answers['user:get'] = () => ({ user: { ...bob, bio: 'Builds things' } });
  await profile.load();
  expect(profile.user).toMatchObject({ display_name: 'Bob', bio: 'Builds things' });
});

test('a card without an answer shows what is known', async () => {
  const { profile, ann } = await annLooksAtBob();
  ann.link.cut();
  await profile.load();
  expect(profile.user?.display_name).toBe('Bob');
  expect(await profile.block(true)).toBe(false);
  expect(profile).toMatchObject({ blocked: false, busy: false, problem: 'No connection.' });
});

test('who is blocked is known at once, survives a reload of the page, and can be unblocked', async () => {
  const { server, ann, bob, profile } = await annLooksAtBob();
  server.answers['block:set'] = (_by, { on }) => {
    server.users.set(bob.id, { ...bob, blocked: on });
    return {};
  };
  await profile.block(true);
  expect(profile.blocked).toBe(true);
  const again = await ann.reload();
  await settled();
  expect(new Profile(bob.id, again.chat).blocked).toBe(true);
  await new Profile(bob.id, again.chat).block(false);
  expect(new Profile(bob.id, again.chat).blocked).toBe(false);
});

test('my own card knows that it is mine', async () => {
  const { ann } = await annLooksAtBob();
  expect(new Profile(ann.chat.me.id, ann.chat).isMe).toBe(true);
});
