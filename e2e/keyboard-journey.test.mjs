// What people do with messages, by the keyboard alone (list item 4 of docs/accessibility.md; its other half is
// keyboard.test.mjs). After each, the focus is where it was.
import assert from 'node:assert/strict';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';

const scene = stage();
let ann;
let bob;

step('two people share a room', async () => {
  bob = await scene.joins('Bob');
  ann = await scene.joins('Ann');
  await bob.createRoom('Garden', { members: ['Ann'] });
  await bob.send('the beans are up', 'Send to everyone in Garden');
  await ann.open('Garden');
  await ann.sees('the beans are up');
});

step('a message is reacted to', async () => {
  await ann.box.focus();
  await keys('Shift+F6');
  await focusIn('the beans are up');
  await keys('+');
  const panel = ann.page.getByRole('dialog', { name: 'Emoji' });
  await panel.getByRole('searchbox').waitFor();
  await types('seedling');
  await panel.getByRole('button', { name: 'seedling' }).waitFor();
  await keys('ArrowDown', 'Enter');
  await ann.message('the beans are up').getByRole('list', { name: 'Reactions' }).waitFor();
  await focusIn('the beans are up');
  await bob.message('the beans are up').getByText('🌱').waitFor();
});

step('a message is answered, and the answer is edited', async () => {
  await keys('r');
  await ann.page.getByText('Replying to Bob').waitFor();
  await focusOn('Message');
  await types('so are the peaas');
  await keys('Enter');
  await bob.sees('so are the peaas');
  await keys('ArrowUp');
  await focusOn('Edit your message');
  await keys('Backspace', 'Backspace', 'Backspace');
  await types('as');
  await keys('Enter');
  await bob
    .message('so are the peas')
    .or(bob.page.getByRole('article').filter({ hasText: 'so are the peas' }))
    .first()
    .waitFor();
});

step('it is deleted, after a question, and that is undone', async () => {
  await ann.box.focus();
  await keys('Shift+F6', 'End');
  await focusIn('so are the peas');
  await keys('Delete');
  await ann.page.getByRole('alertdialog', { name: 'Delete this message?' }).waitFor();
  await keys('Escape');
  await focusIn('so are the peas');
  await keys('Delete');
  await tabTo('Delete');
  await keys('Enter');
  await ann.button('Undo').waitFor();
  await tabTo('Undo');
  await keys('Enter');
  await ann.page.getByRole('article').filter({ hasText: 'so are the peas' }).waitFor();
});

step('a file is chosen and sent', async () => {
  await ann.box.focus();
  const [chooser] = await Promise.all([
    ann.page.waitForEvent('filechooser'),
    tabTo('Attach files').then(() => keys('Enter')),
  ]);
  await chooser.setFiles({ name: 'seeds.txt', mimeType: 'text/plain', buffer: Buffer.from('beans, peas') });
  await ann.button('Remove seeds.txt').waitFor();
  await tabTo('Send to everyone in Garden');
  await keys('Enter');
  await bob.page.getByRole('link', { name: /seeds\.txt/ }).waitFor();
});

step('a message is found, and Esc gives the focus back to where one was', async () => {
  await ann.box.focus();
  await keys('Control+f');
  await fieldOpens();
  await types('beans');
  const status = ann.page.getByRole('dialog', { name: 'Search' }).getByRole('status');
  await status.filter({ hasText: /^1 result/ }).waitFor();
  await keys('Escape', 'Escape'); // the first empties the field
  await focusOn('Message');
});

step('another conversation is gone to', async () => {
  await keys('Control+k');
  await fieldOpens();
  await types('every');
  await keys('Enter');
  await ann.page.getByRole('heading', { name: 'Everyone', level: 1 }).waitFor();
  await focusOn('Message');
  await keys('Alt+ArrowDown');
  await ann.page.getByRole('heading', { name: 'Garden', level: 1 }).waitFor();
});

step('menus, dialogs and panels give the focus back to what opened them', async () => {
  for (const [opener, key] of [
    ['Details', 'Enter'],
    ['Create a room', 'Enter'],
    ['Browse rooms', 'Enter'],
    ['Go to', 'Enter'],
  ]) {
    const button = ann.button(opener);
    await button.focus();
    await keys(key);
    if (opener === 'Details') {
      await ann.page.getByRole('complementary', { name: 'Details' }).waitFor();
      await button.press('Enter');
      await ann.page.getByRole('complementary', { name: 'Details' }).waitFor({ state: 'detached' });
    } else {
      await ann.page.getByRole('dialog').waitFor();
      await keys('Escape');
      await ann.page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    assert.equal(await button.evaluate((one) => one === document.activeElement), true, opener);
  }
});

step('Tab goes through the page and out of it: it is caught nowhere', async () => {
  await ann.page.evaluate(() => document.activeElement.blur());
  const stops = [];
  do {
    await keys('Tab');
    stops.push(await ann.page.evaluate(() => document.activeElement.outerHTML.slice(0, 120)));
  } while (!stops.at(-1).startsWith('<body') && stops.indexOf(stops.at(-1)) === stops.length - 1 && stops.length < 100);
  assert.ok(stops.length < 100 && new Set(stops).size >= stops.length - 1, stops.join('\n'));
});

step('a room is left, after a question', async () => {
  await ann.button('Details').focus();
  await keys('Enter');
  await ann.page.getByRole('tab', { name: 'About' }).waitFor();
  await tabTo('Leave');
  await keys('Enter');
  await ann.page.getByRole('alertdialog', { name: 'Leave Garden?' }).waitFor();
  await tabTo('Leave');
  await keys('Enter');
  await ann.link('Garden').waitFor({ state: 'detached' });
});

async function keys(...presses) {
  for (const press of presses) await ann.page.keyboard.press(press);
}

/** What is loaded when it is first used has the focus. */
function fieldOpens() {
  return ann.page.waitForFunction(() => document.activeElement instanceof HTMLInputElement);
}

function types(text) {
  return ann.page.keyboard.type(text);
}

/** Tab until something of that name has the focus. */
async function tabTo(name) {
  for (let stop = 0; stop < 60; stop++) {
    if ((await focused()) === name) return;
    await keys('Tab');
  }
  assert.fail(`Tab does not lead to ${name}`);
}

function focused() {
  return ann.page.evaluate(() => {
    const { activeElement } = document;
    return activeElement.getAttribute('aria-label') ?? activeElement.textContent.trim();
  });
}

function focusOn(label) {
  return ann.page.waitForFunction((wanted) => document.activeElement?.getAttribute('aria-label') === wanted, label);
}

function focusIn(text) {
  return ann.page.waitForFunction(
    (wanted) => document.activeElement?.closest('article')?.innerText.includes(wanted),
    text,
  );
}
