import { beforeEach, expect, test } from 'vitest';
import { RequestError } from '../net/requesterror';
import type { Login } from '../net/rest';
import { FakeHost, settled } from '../testing/fakehost';
import { FakeServer } from '../testing/fakeserver';
import { Person, newDevice } from '../testing/fixture';
import { ENGLISH } from '../testing/speech';
import { Client, type EndReason } from './client.svelte';

beforeEach(newDevice);

/** A page with a server behind it, whose REST half knows the session of at most one person. */
class Page {
  session: string | undefined;
  reachable = true;
  person: Person | undefined;
  readonly server = new FakeServer('ann', 'bob');
  readonly host: FakeHost;
  readonly client: Client;
  #ended: (reason: EndReason) => void = () => undefined;

  constructor(host = new FakeHost(), session?: string) {
    this.host = host;
    this.session = session;
    const rest = {
      login: async (login: Login) => this.#ask(() => this.#login(login)),
      logout: async () =>
        this.#ask(() => {
          this.session = undefined;
          this.end('logout'); // the server tells every socket of the session
        }),
      server: async () => this.#ask(() => this.server.settings),
      me: async () => this.#ask(() => this.server.user(this.session ?? this.#nobody())),
    };
    this.client = new Client(host, rest, ENGLISH, async (account, ended) => {
      this.#ended = ended;
      this.person = await Person.at(this.server, account.name, { host });
      return this.person.chat;
    });
  }

  end(reason: EndReason) {
    this.#ended(reason);
  }

  #ask<T>(answer: () => T): T {
    if (!this.reachable) throw new RequestError('offline', 'No answer from the server.');
    return answer();
  }

  #login({ name }: Login) {
    this.session = name;
    return { user: this.server.user(name), created: name === 'bob' };
  }

  #nobody(): never {
    throw new RequestError('unauthorized', 'Sign in first.');
  }
}

async function signIn(page: Page, name: string) {
  Object.assign(page.client.signIn, { name, password: 'correct horse' });
  await page.client.signIn.submit();
  await settled();
}

test('without a session the page asks to sign in', async () => {
  const page = new Page();
  await page.client.start();
  expect(page.client.phase).toBe('sign-in');
  expect(page.client.ended).toBeUndefined();
});

test('with a session the page opens the chat, and the title counts what is addressed to me', async () => {
  const page = new Page(new FakeHost(), 'ann');
  await page.client.start();
  expect(page.client.phase).toBe('chat');
  expect(page.client.title).toBe('Acme chat');
  const bob = page.server.user('bob').id;
  page.server.answer(bob, 'message:send', { to: page.server.user('ann').id, cid: 'c', body: 'hi' });
  page.server.post(bob, '1', `look <@${page.server.user('ann').id}>`);
  page.server.post(bob, '1', 'to nobody in particular');
  expect(page.client.title).toBe('(2) Acme chat');
});

test('signing in opens the chat; a new account is welcomed', async () => {
  const page = new Page();
  await page.client.start();
  await signIn(page, 'bob');
  expect(page.client.phase).toBe('chat');
  expect(page.client.chat?.notices.items[0]?.text).toBe('Welcome, Bob. Your account was created.');
});

test('without an answer from the server, the last account opens from this device', async () => {
  const page = new Page(new FakeHost(), 'ann');
  await page.client.start();
  const again = new Page(page.host, 'ann');
  again.reachable = false;
  await again.client.start();
  expect(again.client.phase).toBe('chat');
  expect(again.client.chat?.me.name).toBe('ann');
});

test('a session that has ended meanwhile leads to the sign-in, which knows the name', async () => {
  const page = new Page(new FakeHost(), 'ann');
  await page.client.start();
  const again = new Page(page.host, undefined);
  await again.client.start();
  expect(again.client.phase).toBe('sign-in');
  expect(again.client.ended).toBe('You were signed out on this device.');
  expect(again.client.signIn.name).toBe('ann');
});

test('drafts and unsent messages outlive a session, for the same account', async () => {
  const page = new Page(new FakeHost(), 'ann');
  await page.client.start();
  const chat = () => page.client.chat ?? expect.unreachable();
  chat().open('1');
  await settled();
  page.person?.link.cut();
  chat().conversation?.composer.write('sent offline');
  chat().conversation?.composer.send();
  chat().conversation?.composer.write('half a thought');
  await settled();
  page.end('revoked');
  expect(page.client.phase).toBe('sign-in');
  expect(page.client.ended).toBe('You were signed out on this device.');

  await signIn(page, 'ann');
  expect(page.client.ended).toBeUndefined();
  chat().open('1');
  await settled();
  expect(page.server.room('1').messages.map((message) => message.body)).toEqual(['sent offline']);
  expect(chat().conversation?.composer.text).toBe('half a thought');
});

test('a changed password and a disabled account are said', async () => {
  const page = new Page(new FakeHost(), 'ann');
  await page.client.start();
  page.end('password');
  expect(page.client.ended).toBe('You were signed out on this device. The password was changed.');
  await signIn(page, 'ann');
  page.end('disabled');
  expect(page.client.ended).toBe('This account is turned off. Ask an admin.');
  page.client.dismissEnded();
  expect(page.client.ended).toBeUndefined();
});

test('signing out forgets what was cached, and asks to sign in', async () => {
  const page = new Page(new FakeHost(), 'ann');
  page.server.post(page.server.user('bob').id, '1', 'seen by ann only');
  await page.client.start();
  page.client.chat?.open('1');
  await page.host.advance(2_000);
  await page.client.signOut();
  expect(page.client.phase).toBe('sign-in');
  expect(page.client.ended).toBeUndefined();

  await page.host.advance(10_000);
  const offline = await Person.at(page.server, 'ann', { prepare: (link) => (link.reachable = false) });
  expect(offline.chat.sidebar.loaded).toBe(false);
});

test('signing out without an answer keeps the chat, and says so', async () => {
  const page = new Page(new FakeHost(), 'ann');
  await page.client.start();
  page.reachable = false;
  await page.client.signOut();
  expect(page.client.phase).toBe('chat');
  expect(page.client.chat?.notices.items[0]?.text).toBe('No answer from the server. You are still signed in.');
});

test('a connection that the server does not know ends the session only when the server says so', async () => {
  const server = new FakeServer('ann');
  const ann = await Person.at(server, 'ann');
  ann.link.unidentified();
  await settled();
  expect(ann.ended).toEqual([]);
  ann.identified = false;
  ann.link.unidentified();
  await settled();
  expect(ann.ended).toEqual(['revoked']);
});
