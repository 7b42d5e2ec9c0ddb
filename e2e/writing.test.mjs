import assert from 'node:assert/strict';
import { violations } from './lib/axe.mjs';
import { gathered } from './lib/crowd.mjs';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';

const scene = stage();
let ann;
let bob;

step('"@" offers people, those of the room first, and Enter takes one', async () => {
  bob = await scene.joins('Bob');
  await scene.joins('Bea');
  ann = await scene.joins('Ann');
  await ann.createRoom('Reading club', { members: ['Bob'] });
  await ann.box.focus();
  await types('hello @b');
  await option('Bob').waitFor();
  await options().filter({ hasText: 'Bea' }).getByText('not in this room').waitFor();
  assert.equal(await active(), await option('Bob').getAttribute('id'));
  await ann.page.locator('[aria-live=polite]', { hasText: '2 suggestions' }).waitFor({ state: 'attached' });
  assert.deepEqual(await violations(ann.page), []);
  await keys('ArrowDown');
  assert.equal(await active(), await option('Bea').getAttribute('id'));
  await keys('ArrowDown', 'Enter');
  assert.equal(await ann.box.inputValue(), 'hello @bob ');
  await list().waitFor({ state: 'detached' });
  await keys('Enter');
  await bob.open('Reading club');
  await bob.page.locator('article .mention.me', { hasText: '@Bob' }).waitFor();
});

step('Esc closes the list and nothing else; undo takes back what it wrote', async () => {
  await types('@bo');
  await option('Bob').waitFor();
  await keys('Escape');
  await list().waitFor({ state: 'detached' });
  assert.equal(await ann.box.inputValue(), '@bo');
  await keys('Backspace', 'Backspace');
  await types(' @bo');
  await option('Bob').waitFor();
  await keys('Tab');
  assert.equal(await ann.box.inputValue(), '@ @bob ');
  assert.equal(await focused(), 'Message');
  await keys('Control+z');
  assert.equal(await ann.box.inputValue(), '@ @bo');
  await ann.box.fill('');
});

step('"#" names a room, which then is a link', async () => {
  await types('see #cl');
  await option('Reading club').waitFor();
  await keys('Enter', 'Enter');
  await bob.page.getByRole('link', { name: '#Reading club' }).waitFor();
});

step('":" finds an emoji, and what is composed with an input method is left alone', async () => {
  await types('fine :thumbs u');
  assert.equal(await list().count(), 0);
  await ann.box.fill('');
  await types('fine :thumbs');
  await options().first().waitFor();
  await ann.box.evaluate((box) =>
    box.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }),
    ),
  );
  assert.equal(await ann.box.inputValue(), 'fine :thumbs');
  await keys('Enter');
  assert.match(await ann.box.inputValue(), /^fine 👍/u);
  await keys('Enter');
  await bob.page
    .getByRole('article')
    .filter({ hasText: /fine 👍/u })
    .waitFor();
});

step('people are offered without a connection, and in the editor too', async () => {
  await ann.keepsPage();
  await ann.context.setOffline(true);
  await ann.page.reload();
  await ann.box.focus();
  await types('@bo');
  await option('Bob').waitFor();
  await keys('Escape');
  await ann.box.fill('');
  await ann.context.setOffline(false);
  await ann.box.focus();
  await keys('ArrowUp');
  const editor = ann.page.getByRole('textbox', { name: 'Edit your message' });
  await editor.waitFor();
  await editor.press('End');
  await types(' @bo');
  await option('Bob').waitFor();
  await keys('Enter');
  assert.match(await editor.inputValue(), /@bob $/);
  await keys('Escape');
  await editor.waitFor({ state: 'detached' });
});

step('the emoji button writes at the caret, and gives the focus back', async () => {
  await ann.box.fill('ab');
  await ann.box.press('ArrowLeft');
  await ann.button('Insert an emoji').focus();
  await keys('Enter');
  const panel = ann.page.getByRole('dialog', { name: 'Emoji' });
  await panel.getByRole('searchbox').waitFor();
  await types('tada');
  await panel.getByRole('gridcell').first().waitFor();
  await panel.locator('.grid button').first().focus();
  await keys('Enter');
  await panel.waitFor({ state: 'detached' });
  assert.match(await ann.box.inputValue(), /^a\p{Emoji_Presentation}b$/u);
  assert.equal(await focused(), 'Message');
  await ann.box.fill('');
});

step('calling everyone where there are many asks first; the safe answer has the focus', async () => {
  await gathered(scene.server.url, 9);
  await ann.open('Everyone');
  await ann.page.getByText('12 members').waitFor();
  await ann.box.focus();
  await types('lunch @every');
  await option('@everyone').waitFor();
  await keys('Enter', 'Enter');
  const question = ann.page.getByRole('alertdialog', { name: 'Notify 11 people?' });
  await question.getByText('Everyone is told about your message.').waitFor();
  assert.deepEqual(await violations(ann.page), []);
  assert.equal(await focused(), 'Keep writing');
  await keys('Enter');
  await question.waitFor({ state: 'detached' });
  assert.equal(await ann.box.inputValue(), 'lunch @everyone ');
  assert.equal(await focused(), 'Message');
  await keys('Enter');
  await question.getByRole('button', { name: 'Send to everyone' }).focus();
  await keys('Enter');
  await bob.open('Everyone');
  await bob.page.locator('article .mention.me', { hasText: '@everyone' }).waitFor();
});

step('buttons for formatting and a preview are there once they are wanted', async () => {
  await ann.button('Ann online').click();
  await ann.button('Settings').click();
  await ann.page.getByRole('checkbox', { name: 'Show formatting buttons' }).check();
  await ann.page.getByRole('checkbox', { name: 'Enter makes a new line' }).check();
  await keys('Escape');
  await ann.box.fill('very good');
  await ann.box.evaluate((box) => box.setSelectionRange(5, 9));
  await ann.page.getByRole('toolbar', { name: 'Formatting' }).getByRole('button', { name: 'Bold' }).click();
  assert.equal(await ann.box.inputValue(), 'very **good**');
  assert.equal(await ann.box.evaluate((box) => box.value.slice(box.selectionStart, box.selectionEnd)), 'good');
  await ann.button('Preview').click();
  await ann.page.getByRole('region', { name: 'Preview' }).locator('strong', { hasText: 'good' }).waitFor();
  assert.deepEqual(await violations(ann.page), []);
  await ann.box.press('End');
  await keys('Enter');
  assert.equal(await ann.box.inputValue(), 'very **good**\n');
  await keys('Control+Enter');
  await bob.page.locator('article strong', { hasText: 'good' }).waitFor();
});

async function keys(...presses) {
  for (const press of presses) await ann.page.keyboard.press(press);
}

async function types(text) {
  await ann.page.keyboard.type(text);
}

function list() {
  return ann.page.getByRole('listbox', { name: 'Suggestions' });
}

function options() {
  return list().getByRole('option');
}

function option(name) {
  return options().filter({ has: ann.page.getByText(name, { exact: true }) });
}

/** What the text box says is the option that Enter takes. */
function active() {
  return ann.page.evaluate(() => document.activeElement.getAttribute('aria-activedescendant'));
}

function focused() {
  return ann.page.evaluate(() => {
    const { activeElement } = document;
    return activeElement.getAttribute('aria-label') ?? activeElement.textContent.trim();
  });
}
