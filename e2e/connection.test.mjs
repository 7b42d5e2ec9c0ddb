import assert from 'node:assert/strict';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';

const scene = stage();
let ann;
let bob;
let cable;

step('a lost connection is said in words, and writing goes on', async () => {
  ann = await scene.joins('Ann');
  cable = await scene.cable();
  bob = await scene.joins('Bob', {}, cable);
  await bob.box.waitFor(); // the conversation is there before the connection goes
  await cable.unplug();
  await bob.page.getByText('Reconnecting… You can keep writing; messages send when you are back.').waitFor();
  await bob.button('Try now').waitFor();
  await bob.send('from the far side', 'Send to everyone');
  await ann.send('while you were away', 'Send to everyone');
  await ann.sent('while you were away');

  await cable.plug();
  // Either the button or the client's own next try comes first.
  const back = bob.page.getByText('Back online. Catching up…').waitFor();
  await Promise.any([bob.button('Try now').click(), back]);
  await back;
  await bob.sees('while you were away');
  await bob.sent('from the far side');
  await ann.sees('from the far side');
  await bob.page.getByText('Back online. Catching up…').waitFor({ state: 'detached' });
});

step('a refused message says why, keeps its words, and can be sent again', async () => {
  await ann.createRoom('Garden', { members: ['Bob'] });
  await bob.open('Garden');

  // Bob leaves the room on another device while this one is cut off and still shows it.
  const phone = await scene.arrives('Bob');
  await phone.signIn();
  await phone.open('Garden');
  await cable.unplug();
  await phone.button('Details').click();
  await phone.button('Leave').click();
  await phone.page.getByRole('alertdialog').getByRole('button', { name: 'Leave' }).click();
  await phone.link('Garden').waitFor({ state: 'detached' });
  await bob.send('the beans are up', 'Send to everyone in Garden');
  await cable.plug();

  const row = bob.message('the beans are up');
  await row.getByRole('img', { name: 'Failed' }).waitFor();
  assert.match(await row.innerText(), /Not sent\. .+/);
  await bob.page.getByRole('button', { name: 'Join', exact: true }).click();
  await row.getByRole('button', { name: 'Retry' }).click();
  await bob.sent('the beans are up');
  await ann.sees('the beans are up');
});

step('a failed message can be taken back into the composer, or thrown away', async () => {
  const phone = await scene.arrives('Bob');
  await phone.signIn();
  await phone.open('Garden');
  await cable.unplug();
  await phone.button('Details').click();
  await phone.button('Leave').click();
  await phone.page.getByRole('alertdialog').getByRole('button', { name: 'Leave' }).click();
  await phone.link('Garden').waitFor({ state: 'detached' });
  await bob.send('to be edited', 'Send to everyone in Garden');
  await bob.send('to be discarded', 'Send to everyone in Garden');
  await cable.plug();

  await bob.message('to be discarded').getByRole('button', { name: 'Discard' }).click();
  await bob.message('to be discarded').waitFor({ state: 'detached' });
  await bob.page.getByRole('button', { name: 'Join', exact: true }).click();
  await bob.message('to be edited').getByRole('button', { name: 'Edit' }).click();
  await bob.message('to be edited').waitFor({ state: 'detached' });
  assert.equal(await bob.box.inputValue(), 'to be edited');
});

step('a session that was ended elsewhere says so', async () => {
  const tab = await bob.context.newPage();
  await tab.goto('/');
  await tab.getByRole('button', { name: 'Bob online' }).click();
  await tab.getByRole('button', { name: 'Sign out', exact: true }).click();
  await bob.page.getByRole('alertdialog', { name: 'You were signed out on this device.' }).waitFor();
  await bob.page.keyboard.press('Escape');
  await bob.page.getByLabel('Password', { exact: true }).waitFor();
});
