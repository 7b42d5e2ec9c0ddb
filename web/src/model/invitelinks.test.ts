import { beforeEach, expect, test } from 'vitest';
import { RequestError } from '../net/requesterror';
import { FakeServer } from '../testing/fakeserver';
import { Person, newDevice } from '../testing/fixture';
import type { Invite } from '../wire';
import { InviteLinks } from './invitelinks.svelte';

beforeEach(newDevice);

const MADE: Invite = { id: '71', uses: 1, max_uses: 5, created_at: '', expires_at: '' };

async function links(to?: string) {
  const server = new FakeServer('ann');
  server.answers['invite:list'] = () => ({ invites: [MADE, { ...MADE, id: '70', room: '9' }] });
  server.answers['invite:create'] = (_by, { uses = 1, room }) => ({
    invite: { ...MADE, id: '72', uses: 0, max_uses: uses, ...(room && { room }) },
    code: 'ABCD',
    url: '/invite/ABCD',
  });
  server.answers['invite:revoke'] = () => ({});
  const { chat } = await Person.at(server, 'ann');
  return { server, made: new InviteLinks(chat, to) };
}

test('links to the server and to a room are listed apart', async () => {
  const { made } = await links();
  await made.load();
  expect(made.items.map(({ id }) => id)).toEqual(['71']);
  const { made: toRoom } = await links('9');
  await toRoom.load();
  expect(toRoom.items.map(({ id }) => id)).toEqual(['70']);
});

test('a new link is shown once, until it is revoked', async () => {
  const { made } = await links('9');
  made.uses = 25;
  await made.create();
  expect(made.path).toBe('/invite/ABCD');
  expect(made.items[0]).toMatchObject({ id: '72', max_uses: 25, room: '9' });
  await made.revoke('72');
  expect([made.path, made.items]).toEqual(['', []]);
});

test('why a link is refused is said', async () => {
  const { server, made } = await links();
  server.answers['invite:create'] = () => {
    throw new RequestError('conflict', 'You have 20 invitations.');
  };
  await made.create();
  expect([made.path, made.problem]).toEqual(['', 'You have 20 invitations.']);
});
