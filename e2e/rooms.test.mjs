import assert from 'node:assert/strict';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';

const scene = stage();
let ann;
let bob;
let chen;

step('a name that is taken is said while one types, with a way to the room', async () => {
  ann = await scene.joins('Ann');
  bob = await scene.joins('Bob');
  chen = await scene.joins('Chen');
  await ann.createRoom('Design');
  for (let n = 1; n <= 25; n++) await ann.send(`draft ${n}`, 'Send to everyone in Design');
  await ann.sent('draft 25');

  await bob.button('Create a room').click();
  const dialog = bob.page.getByRole('dialog', { name: 'Create a room' });
  await dialog.getByLabel('Name', { exact: true }).fill('design');
  await dialog.getByText('#Design exists.').waitFor();
  await dialog.getByRole('button', { name: 'Open it' }).click();
  await bob.page.getByRole('heading', { name: 'Design', level: 1 }).waitFor();
});

step('one sees the last twenty messages before joining', async () => {
  await bob.sees('draft 25');
  await bob.page.getByText('These are the last 20 messages.').waitFor({ state: 'attached' });
  assert.equal(await bob.page.getByText('draft 5', { exact: true }).count(), 0);
  await bob.button('Join').click();
  await bob.send('hello', 'Send to everyone in Design');
  await ann.sees('hello');
});

step('who is brought into a room gets a card with both ways', async () => {
  await openDetails(ann);
  await ann.button('Invite').click();
  const dialog = ann.page.getByRole('dialog', {
    name: 'Invite people to Design',
  });
  await dialog.getByRole('checkbox', { name: 'Chen' }).check();
  await dialog.getByRole('button', { name: 'Invite 1 person' }).click();
  await chen.page.getByText('Ann added you to Design', { exact: true }).waitFor();
  await chen.button('Leave Design').waitFor();
  await chen.button('Open Design').click();
  await chen.sees('hello');
  await chen.page.getByText('Ann added you to Design', { exact: true }).waitFor({ state: 'detached' });
});

step('an owner makes a moderator, who may then change the room', async () => {
  await ann.page.getByRole('tab', { name: 'People' }).click();
  await ann.page.getByRole('tabpanel').getByRole('button', { name: /^Bob/ }).click();
  const card = ann.page.getByRole('dialog', { name: 'Bob' });
  await card.getByRole('radio', { name: 'Moderator' }).check();
  await card.getByRole('button', { name: 'Close' }).click();
  await ann.page.getByRole('tabpanel').getByText('moderator').waitFor();

  await openDetails(bob);
  await bob.button('Edit room').click();
  const edit = bob.page.getByRole('dialog', { name: 'Edit Design' });
  await edit.getByLabel('Topic', { exact: true }).fill('launch page');
  await edit.getByRole('radio', { name: 'Owners and moderators' }).check();
  await edit.getByRole('button', { name: 'Save' }).click();
  await chen.page.getByText('Only owners and moderators write here.').waitFor();
  await ann.page.getByRole('tab', { name: 'About' }).click();
  await ann.page.getByText('launch page').waitFor();
});

step('a member chooses of what to be told, and mutes', async () => {
  await openDetails(chen);
  await chen.page.getByRole('radio', { name: 'Everything' }).check();
  await chen.button('1 h').click();
  await chen.page.getByText(/^Muted until /).waitFor();
  assert.ok(await chen.page.getByRole('radio', { name: 'Everything' }).isChecked());
  await chen.button('Unmute').click();
  await chen.button('1 h').waitFor();
});

step('a moderator removes a member, who is told', async () => {
  await bob.page.getByRole('tab', { name: 'People' }).click();
  await bob.page.getByRole('tabpanel').getByRole('button', { name: /^Chen/ }).click();
  await bob.button('Remove from Design').click();
  await chen.page.getByText('You were removed from Design.').waitFor();
  await chen.page.getByRole('heading', { name: 'Everyone', level: 1 }).waitFor();
});

step('the last owner hands over before leaving', async () => {
  await ann.button('Leave').click();
  const ask = ann.page.getByRole('alertdialog', { name: 'Leave Design?' });
  await ask.getByText('You are the only owner of Design. Choose who is it after you.').waitFor();
  await ask.getByRole('radio', { name: 'Bob' }).check();
  await ask.getByRole('button', { name: 'Hand over and leave' }).click();
  await ann.link('Design').waitFor({ state: 'detached' });
});

step('an archived room is read-only, and can be opened again', async () => {
  await bob.page.getByRole('tab', { name: 'About' }).click();
  await bob.button('Archive room').click();
  await bob.button('Archive').click();
  await bob.page.getByText('The room is read-only.').waitFor();
  assert.equal(await bob.box.count(), 0);
  await bob.sees('hello');
  await bob.button('Reopen room').click();
  await bob.button('Reopen').click();
  await bob.box.waitFor();
});

step('a card tells of somebody, and leads to a direct conversation', async () => {
  await openDetails(ann);
  await ann.page.getByRole('tab', { name: 'People' }).click();
  await ann.page.getByRole('tabpanel').getByRole('button', { name: /^Bob/ }).click();
  const card = ann.page.getByRole('dialog', { name: 'Bob' });
  await card.getByText('online').waitFor();
  await card.getByRole('button', { name: 'Mention' }).click();
  await ann.page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
  assert.equal(await ann.box.inputValue(), '@bob ');
  await ann.box.fill('');
  await ann.page.getByRole('tabpanel').getByRole('button', { name: /^Bob/ }).click();
  await ann.page.getByRole('dialog').getByRole('button', { name: 'Message' }).click();
  await ann.page.getByRole('heading', { name: 'Bob', level: 1 }).waitFor();
});

step('who is blocked cannot be written to until that ends', async () => {
  await ann.open('Everyone');
  await ann.page.getByRole('tab', { name: 'People' }).click();
  await ann.page.getByRole('tabpanel').getByRole('button', { name: /^Bob/ }).click();
  await ann.button('Block').click();
  await ann.button('Unblock').waitFor();
  await ann.page.getByRole('dialog').getByRole('button', { name: 'Message' }).click();
  await ann.page.getByText('You blocked Bob.').waitFor();
  await ann.button('Unblock').click();
  await ann.box.waitFor();
});

step('who does not want to be disturbed is shown so', async () => {
  await bob.page.getByRole('button', { name: 'Bob online' }).click();
  await bob.page.getByRole('checkbox', { name: 'Do not disturb' }).check();
  await ann.page.getByRole('banner').or(ann.page.locator('header')).getByText('do not disturb').first().waitFor();
});

async function openDetails(person) {
  const panel = person.page.getByRole('complementary', { name: 'Details' });
  if (!(await panel.isVisible())) await person.button('Details').click();
  await panel.waitFor();
}
