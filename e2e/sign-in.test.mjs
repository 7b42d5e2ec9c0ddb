import assert from 'node:assert/strict';
import { PASSWORD } from './lib/person.mjs';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';

const MOST_TRIES = 20;

const scene = stage();
let guesser;

step('two passwords that differ create no account', async () => {
  const ann = await scene.arrives('Ann');
  await ann.fillIn();
  await ann.page.getByText('At least 8 characters').waitFor();
  await ann.page.getByLabel('Password again', { exact: true }).fill('correct horse batter');
  await ann.button('Create account').click();
  const again = ann.page.getByLabel('Password again', { exact: true });
  await ann.page.locator('[aria-invalid="true"]').waitFor();
  assert.equal(await again.getAttribute('aria-invalid'), 'true');
  await again.fill(PASSWORD);
  await ann.button('Create account').click();
  await ann.inChat();
});

step('the password can be looked at', async () => {
  guesser = await scene.arrives('Ann');
  const field = guesser.page.getByLabel('Password', { exact: true });
  assert.equal(await field.getAttribute('type'), 'password');
  await guesser.button('Show password').click();
  assert.equal(await field.getAttribute('type'), 'text');
  await guesser.button('Hide password').click();
});

step('guessing is slowed, and the time left counts down, also after a reload', async () => {
  const tooMany = guesser.page.getByText(/^Too many attempts\. Try again in \d+ \w+\.$/);
  const wrong = guesser.page.getByRole('alertdialog', {
    name: 'Incorrect username or password',
  });
  for (let tries = 0; !(await tooMany.isVisible()); tries++) {
    assert.ok(tries < MOST_TRIES, 'guessing was never slowed');
    await guesser.fillIn(`guess number ${tries}`);
    await tooMany.or(wrong).waitFor();
    if (await wrong.isVisible()) await guesser.button('Try again').click();
  }
  const before = await secondsLeft(tooMany);
  await guesser.page.reload();
  await tooMany.waitFor();
  assert.ok((await secondsLeft(tooMany)) <= before);
  await guesser.page.waitForFunction(
    (seconds) => Number(/\d+/.exec(document.querySelector('.status').textContent)) < seconds,
    before,
  );
});

step('a server that does not answer is said', async () => {
  const bob = await scene.arrives('Bob');
  await scene.server.kill();
  await bob.fillIn();
  await bob.page.getByText('No answer from the server. Check your connection and try again.').waitFor();
  await scene.server.start();
  await bob.fillIn();
  await bob.button('Create account').waitFor();
});

step('an address survives the sign-in', async () => {
  const dee = await scene.joins('Dee');
  await dee.link('Ann').click();
  await dee.page.getByRole('heading', { name: 'Ann', level: 1 }).waitFor();
  const { pathname } = new URL(dee.page.url());
  const elsewhere = await scene.arrives('Dee');
  await elsewhere.page.goto(pathname);
  await elsewhere.signIn();
  await elsewhere.page.getByRole('heading', { name: 'Ann', level: 1 }).waitFor();
});

async function secondsLeft(text) {
  return Number(/\d+/.exec(await text.textContent()));
}
