import { expect, test } from 'vitest';
import { RequestError } from '../net/requesterror';
import type { Login, Rest } from '../net/rest';
import { FakeHost, settled } from '../testing/fakehost';
import { ENGLISH } from '../testing/speech';
import type { ErrorCode, User } from '../wire';
import { SignIn } from './signin.svelte';

const ZOE: User = { id: '7', name: 'zoe', display_name: 'Zoe', role: 'member' };

/** A card whose server answers with `answers`, one after the other; the last one stays. */
function card(host: FakeHost, ...answers: (RequestError | { created: boolean })[]) {
  const asked: Login[] = [];
  const done: { user: User; created: boolean }[] = [];
  const login = async (given: Login) => {
    asked.push(given);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof RequestError) throw answer;
    return { user: ZOE, created: answer?.created ?? false };
  };
  const rest: Pick<Rest, 'login'> = { login };
  const signIn = new SignIn(host, rest, ENGLISH, async (user, created) => void done.push({ user, created }));
  signIn.name = ' Zoe ';
  signIn.password = 'correct horse';
  return { signIn, asked, done };
}

function refused(code: ErrorCode | 'offline', message = 'No.', more = {}) {
  return new RequestError(code, message, more);
}

test('a known name with its password signs in, and the password is forgotten', async () => {
  const { signIn, asked, done } = card(new FakeHost(), { created: false });
  await signIn.submit();
  expect(asked).toEqual([{ name: 'Zoe', password: 'correct horse', ask_new: true }]);
  expect(done).toEqual([{ user: ZOE, created: false }]);
  expect(signIn.password).toBe('');
});

test('a second submit does nothing while the first is under way', async () => {
  const { signIn, asked } = card(new FakeHost(), { created: false });
  const first = signIn.submit();
  expect(signIn.state).toBe('submitting');
  await signIn.submit();
  await first;
  expect(asked).toHaveLength(1);
});

test('an unknown name is asked about, and created only with the same password again', async () => {
  const { signIn, asked, done } = card(new FakeHost(), refused('new_name'), { created: true });
  await signIn.submit();
  expect(signIn.state).toBe('new-name');
  expect(signIn.message).toBe('Nobody here is called Zoe yet. Create the account?');

  signIn.passwordAgain = 'correct house';
  await signIn.createAccount();
  expect(signIn).toMatchObject({ state: 'refused', field: 'passwordAgain', creating: true });
  expect(asked).toHaveLength(1);

  signIn.passwordAgain = 'correct horse';
  await signIn.createAccount();
  expect(asked[1]).toMatchObject({ ask_new: false });
  expect(done).toEqual([{ user: ZOE, created: true }]);
});

test('back from the question leads to the form, with name and password', async () => {
  const { signIn } = card(new FakeHost(), refused('new_name'));
  await signIn.submit();
  signIn.back();
  expect(signIn).toMatchObject({ state: 'idle', creating: false, name: 'Zoe', password: 'correct horse' });
});

test('a wrong password says exactly so, and the name stays', async () => {
  const { signIn } = card(new FakeHost(), refused('bad_credentials'));
  await signIn.submit();
  expect(signIn.state).toBe('wrong-password');
  expect(signIn.message).toBe('Incorrect username or password');
  signIn.tryAgain();
  expect(signIn).toMatchObject({ state: 'idle', name: 'Zoe' });
});

test('too many attempts count down, also over a reload, and end in the form', async () => {
  const host = new FakeHost();
  const { signIn } = card(host, refused('rate_limited', 'Slow down.', { retry_ms: 30_000 }));
  await signIn.submit();
  expect(signIn.message).toBe('Too many attempts. Try again in 30 seconds.');
  await host.advance(12_000);
  expect(signIn.message).toBe('Too many attempts. Try again in 18 seconds.');

  const { signIn: reloaded, asked } = card(host, { created: false });
  expect(reloaded.message).toBe('Too many attempts. Try again in 18 seconds.');
  await reloaded.submit();
  expect(asked).toEqual([]);
  await host.advance(17_000);
  expect(reloaded.message).toBe('Too many attempts. Try again in 1 second.');
  await host.advance(1_000);
  expect(reloaded.state).toBe('idle');
  expect(card(host).signIn.state).toBe('idle');
});

test('no answer from the server is said, and the form can be sent again', async () => {
  const { signIn, done } = card(new FakeHost(), refused('offline', 'no answer'), { created: false });
  await signIn.submit();
  expect(signIn).toMatchObject({
    state: 'no-answer',
    message: 'No answer from the server. Check your connection and try again.',
  });
  await signIn.submit();
  expect(done).toHaveLength(1);
});

test('what the server refuses is said at its field', async () => {
  const { signIn } = card(new FakeHost(), refused('invalid', 'A name has no spaces.', { field: 'name' }));
  await signIn.submit();
  expect(signIn).toMatchObject({ state: 'refused', message: 'A name has no spaces.', field: 'name' });
});

test('a weak password of a new account is said in the card that asks', async () => {
  const weak = refused('invalid', 'At least 8 characters.', { field: 'password' });
  const { signIn } = card(new FakeHost(), refused('new_name'), weak);
  await signIn.submit();
  signIn.passwordAgain = signIn.password;
  await signIn.createAccount();
  await settled();
  expect(signIn).toMatchObject({ state: 'refused', field: 'password', creating: true });
});

test.each([
  ['name', '', 'correct horse', 'Enter your name.'],
  ['password', 'zoe', '', 'Enter your password.'],
])('an empty %s is not sent', async (field, name, password, message) => {
  const { signIn, asked } = card(new FakeHost());
  Object.assign(signIn, { name, password });
  await signIn.submit();
  expect(signIn).toMatchObject({ state: 'refused', field, message });
  expect(asked).toEqual([]);
});

test('the code of an invitation goes along where one is asked for, and a wrong one is asked again', async () => {
  const wrong = refused('invalid', 'This invitation is not valid.', { field: 'invite' });
  const { signIn, asked } = card(new FakeHost(), refused('new_name'), wrong, { created: true });
  signIn.invite = 'left over';
  expect(signIn.asksInvite).toBe(false);
  signIn.server = { name: 'Acme chat', registration: 'invite', fixed: [] };
  expect(signIn.asksInvite).toBe(true);
  signIn.follow('ABCD');
  await signIn.submit();
  signIn.passwordAgain = signIn.password;
  await signIn.createAccount();
  expect(asked.map(({ invite }) => invite)).toEqual(['ABCD', 'ABCD']);
  expect(signIn).toMatchObject({ state: 'refused', field: 'invite', creating: false });
});
