import assert from 'node:assert/strict';
import { violations } from './lib/axe.mjs';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';

const scene = stage();
const WIDE = { viewport: { width: 1400, height: 900 } };
let ann;
let bob;

step('a message that is answered says so, and opens its thread', async () => {
  ann = await scene.joins('Ann', WIDE);
  bob = await scene.joins('Bob', WIDE);
  await ann.send('Who comes along?', 'Send to everyone');
  await bob.sees('Who comes along?');
  await question(bob).focus();
  await bob.page.keyboard.press('r');
  await bob.send('I do', 'Send to everyone');
  await question(ann).getByRole('button', { name: '1 reply', exact: true }).click();
  const panel = thread(ann);
  await panel.getByText('I do', { exact: true }).waitFor();
  await ann.page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Reply');
  assert.deepEqual(await violations(ann.page), []);
});

step('what is written in the thread stands in the room too, as an answer', async () => {
  const panel = thread(ann);
  await panel.getByRole('textbox', { name: 'Reply', exact: true }).fill('Splendid');
  await panel.getByRole('button', { name: 'Send to everyone', exact: true }).click();
  await panel.getByRole('article').filter({ hasText: 'Splendid' }).getByRole('img', { name: 'Sent' }).waitFor();
  const row = bob.message('Splendid');
  await row.getByRole('button', { name: 'In reply to Ann Who comes along?' }).waitFor();
  await question(bob).getByRole('button', { name: '2 replies', exact: true }).waitFor();
  assert.equal(await ann.box.inputValue(), '');
});

step('the thread is reached from an answer, follows what happens, and leads back into the room', async () => {
  await bob.message('Splendid').focus();
  await bob.page.keyboard.press('Enter');
  await bob.page.getByRole('menuitem', { name: 'Open thread' }).click();
  const panel = thread(bob);
  await panel.getByText('2 replies', { exact: true }).waitFor();
  await panel.getByRole('article').filter({ hasText: 'I do' }).focus();
  await bob.page.keyboard.press('e');
  await panel.getByRole('textbox', { name: 'Edit your message' }).fill('I do, by bicycle');
  await bob.page.keyboard.press('Enter');
  await thread(ann).getByText('I do, by bicycle', { exact: true }).waitFor();
  await panel.getByRole('article').filter({ hasText: 'Who comes along?' }).first().focus();
  await bob.page.keyboard.press('ArrowDown');
  await bob.page.keyboard.press('Enter');
  await bob.page.getByRole('menuitem', { name: 'Show in the conversation' }).click();
  await bob.page.waitForFunction(() =>
    document.activeElement?.closest('.feed')?.textContent.includes('I do, by bicycle'),
  );
  await panel.getByRole('button', { name: 'Close' }).click();
  await panel.waitFor({ state: 'detached' });
});

step('a deleted answer is counted no more', async () => {
  const panel = thread(ann);
  await panel.getByRole('article').filter({ hasText: 'Splendid' }).focus();
  await ann.page.keyboard.press('Delete');
  await ann.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await panel.getByText('Message deleted', { exact: true }).waitFor();
  await ann.page.locator('.toast', { hasText: 'Message deleted.' }).getByRole('button', { name: 'Close' }).click();
  await question(bob).getByRole('button', { name: '1 reply', exact: true }).waitFor();
});

step('who wants it has the answers in the room as one line each', async () => {
  await bob
    .message('I do, by bicycle')
    .getByRole('button', { name: /^In reply to/ })
    .waitFor();
  await bob.page.getByRole('button', { name: 'Bob online' }).click();
  await bob.button('Settings').click();
  await bob.page
    .getByRole('checkbox', {
      name: 'Show replies in a room as one line each',
    })
    .check();
  await bob.page.keyboard.press('Escape');
  await bob
    .message('I do, by bicycle')
    .getByRole('button', { name: /^In reply to/ })
    .waitFor({ state: 'hidden' });
  await bob.sees('I do, by bicycle');
});

step('a message that was edited shows what it said', async () => {
  await ann.message('I do, by bicycle').first().getByRole('button', { name: '(edited)' }).click();
  const dialog = ann.page.getByRole('dialog', { name: 'Edit history' });
  await dialog.getByText('I do', { exact: true }).waitFor();
  await dialog.getByText('I do, by bicycle', { exact: true }).waitFor();
  assert.deepEqual(await violations(ann.page), []);
  await dialog.getByRole('button', { name: 'Close' }).click();
});

step('what is pinned is listed, led to, and unpinned from the list', async () => {
  await ann.button('Details').click();
  await ann.page.getByRole('tab', { name: 'Pinned' }).click();
  const pins = ann.page.getByRole('tabpanel', { name: 'Pinned' });
  await pins.getByText('Nothing is pinned yet. Pin a message from its menu.').waitFor();
  await question(bob).focus();
  await bob.page.keyboard.press('Enter');
  await bob.page.getByRole('menuitem', { name: 'Pin', exact: true }).click();
  await pins.getByRole('button', { name: /Who comes along/ }).click();
  await ann.page.waitForFunction(() =>
    document.activeElement?.closest('article')?.textContent.includes('Who comes along'),
  );
  assert.deepEqual(await violations(ann.page), []);
  await pins.getByRole('button', { name: 'Unpin the message from Ann' }).click();
  await pins.getByText('Nothing is pinned yet. Pin a message from its menu.').waitFor();
  await question(bob).getByText('Pinned').waitFor({ state: 'detached' });
});

step('a card shows what somebody has shared', async () => {
  const file = {
    name: 'route.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('along the river'),
  };
  await bob.page.locator('.foot > form input[type=file], .conversation input[type=file]').first().setInputFiles([file]);
  await bob.send('The way', 'Send to everyone');
  await ann.sees('The way');
  await ann.page.getByRole('article').getByRole('button', { name: 'Bob', exact: true }).last().click();
  await ann.page.getByRole('dialog', { name: 'Bob' }).getByRole('button', { name: 'Files' }).click();
  const files = ann.page.getByRole('dialog', { name: 'Files from Bob' });
  await files.getByRole('link', { name: 'route.txt' }).waitFor();
  assert.deepEqual(await violations(ann.page), []);
  await ann.page.keyboard.press('Escape');
});

step('from a message too, an owner removes a member', async () => {
  await ann.createRoom('Design', { members: ['Bob'] });
  await bob.button('Open Design').click();
  await bob.send('hello', 'Send to everyone in Design');
  await ann.message('hello').getByRole('button', { name: 'Bob', exact: true }).click();
  await ann.button('Remove from Design').click();
  await bob.page.getByText('You were removed from Design.').waitFor();
});

/** The question itself: its answers quote it. */
function question(person) {
  return person.message('Who comes along?').first();
}

function thread(person) {
  return person.page.getByRole('complementary', { name: 'Thread' });
}
