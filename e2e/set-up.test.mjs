import assert from 'node:assert/strict';
import { PASSWORD } from './lib/person.mjs';
import { newStage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';

const scene = newStage();
let ann;
let link;

step('whoever comes first is asked three things about the server', async () => {
  ann = await scene.arrives('Ann');
  await ann.register();
  const dialog = setUp(ann);
  await dialog.getByText('Step 1 of 3').waitFor();
  await dialog.getByLabel('Name of this server', { exact: true }).fill('');
  await next(dialog);
  await dialog.getByText('Enter a name.').waitFor();
  await dialog.getByLabel('Name of this server', { exact: true }).fill('Acme chat');
  await next(dialog);

  await dialog.getByText('Step 2 of 3').waitFor();
  assert.equal(await dialog.getByRole('heading', { level: 3 }).evaluate((it) => it === document.activeElement), true);
  await dialog.getByRole('radio', { name: /^People with an invitation/ }).check();
  await next(dialog);

  await dialog.getByText('Step 3 of 3').waitFor();
  await dialog.getByLabel('For how many people').selectOption({ label: '1 person' });
  await dialog.getByRole('button', { name: 'Create a link', exact: true }).click();
  link = await dialog.getByLabel('Invitation link', { exact: true }).inputValue();
  await dialog.getByText(/^0 of 1 used · until /).waitFor();
  await dialog.getByRole('button', { name: 'Done', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  await titled(ann, 'Acme chat');
});

step('it is asked once', async () => {
  await ann.page.reload();
  await ann.page.getByRole('button', { name: 'Ann online' }).waitFor();
  assert.equal(await setUp(ann).count(), 0);
});

step('without an invitation nobody new comes in', async () => {
  const eve = await scene.arrives('Eve');
  await eve.page.getByText('New here? You need an invitation.').waitFor();
  await eve.fillIn();
  await eve.page.getByRole('alertdialog', { name: 'Incorrect username or password' }).waitFor();
  await eve.button('Try again').click();
  await eve.page.getByLabel('Invitation code', { exact: true }).fill('AAAA-AAAA-AAAA-AAAA');
  await eve.fillIn();
  await eve.page.getByText('This invitation is not valid, or no longer. Ask for a new one.').waitFor();
});

step('who follows the link registers, and sees the name of the server', async () => {
  const bob = await scene.arrives('Bob');
  await bob.page.goto(link);
  await bob.page.getByText('Acme chat', { exact: true }).waitFor();
  assert.equal(link.endsWith(await bob.page.getByLabel('Invitation code', { exact: true }).inputValue()), true);
  await bob.register();
  await titled(bob, 'Acme chat');
  assert.equal(bob.page.url().includes('invite'), false);
  assert.equal(await setUp(bob).count(), 0);

  const late = await scene.arrives('Late');
  await late.page.goto(link);
  await late.fillIn();
  await late.page.getByText('This invitation is not valid, or no longer. Ask for a new one.').waitFor();
});

step('a new name is on every page at once, and the settings lead to it', async () => {
  await ann.page.getByRole('button', { name: 'Ann online' }).click();
  await ann.button('Settings').click();
  await ann.button('Server settings').click();
  const dialog = setUp(ann);
  await dialog.getByLabel('Name of this server', { exact: true }).fill('Acme and friends');
  await next(dialog);
  await dialog.getByText('Step 2 of 3').waitFor();
  await titled(ann, 'Acme and friends');
  await dialog.getByRole('radio', { name: /^Everybody/ }).check();
  await next(dialog);
  await dialog.getByText('Step 3 of 3').waitFor();
  const { origin } = new URL(ann.page.url());
  assert.equal(await dialog.getByLabel('Address of this server', { exact: true }).inputValue(), origin);
  await dialog.getByRole('button', { name: 'Done', exact: true }).click();

  const chen = await scene.arrives('Chen');
  await chen.page.getByText('New here? Your first sign-in creates your account.').waitFor();
  await chen.fillIn(PASSWORD);
  await chen.button('Create account').waitFor();
});

step('a link to a room makes a member of who follows it', async () => {
  await ann.createRoom('Ops', { kind: 'Private' });
  await ann.button('Details').click();
  await ann.button('Invite').click();
  const dialog = ann.page.getByRole('dialog', { name: 'Invite people to Ops' });
  await dialog.getByText('Whoever comes with it is in Ops too.').waitFor();
  await dialog.getByRole('button', { name: 'Create a link', exact: true }).click();
  const toRoom = await dialog.getByLabel('Invitation link', { exact: true }).inputValue();
  const dee = await scene.arrives('Dee');
  await dee.page.goto(toRoom);
  await dee.register();
  await dee.open('Ops');
});

function setUp(person) {
  return person.page.getByRole('dialog', { name: 'Set up this server' });
}

function next(dialog) {
  return dialog.getByRole('button', { name: 'Next', exact: true }).click();
}

/** The tab and the list of conversations are called so. */
async function titled(person, name) {
  await person.page.waitForFunction((wanted) => document.title.endsWith(wanted), name);
  await person.page.locator('.sidebar .server').getByText(name, { exact: true }).waitFor();
}
