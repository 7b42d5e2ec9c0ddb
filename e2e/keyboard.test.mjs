import assert from 'node:assert/strict';
import { PASSWORD } from './lib/person.mjs';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';

const scene = stage();
let ann;
let bob;

step('an account is created without a pointer', async () => {
  bob = await scene.joins('Bob');
  ann = await scene.arrives('Ann');
  await ann.page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'username');
  await types('Ann');
  await keys('Tab');
  await types(PASSWORD);
  await keys('Enter');
  await ann.page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'new-password');
  await types(PASSWORD);
  await keys('Enter');
  await ann.inChat();
});

step('the first stop is a link that skips to the conversation', async () => {
  await ann.page.reload();
  await ann.box.waitFor();
  await keys('Tab');
  assert.equal(await focused(), 'Skip to the conversation');
});

step('everyone is written to with Enter, one person through the chip', async () => {
  await ann.box.focus();
  await types('to all');
  await keys('Enter');
  await bob.sees('to all');

  await keys('Shift+Tab', 'Enter');
  await fieldOpens();
  await types('bo');
  await keys('Enter');
  await ann.page.getByText('Only you and Bob will see this.').waitFor();
  await focusIs('Message');
  await types('for Bob alone');
  await keys('Enter');
  await ann.page.getByText('Sent to Bob.').waitFor();
  await bob.open('Ann');
  await bob.sees('for Bob alone');
});

step('F6 goes from pane to pane', async () => {
  await ann.page.getByRole('heading', { name: 'Everyone', level: 1 }).waitFor();
  await ann.page.evaluate(() => document.activeElement.blur());
  const visited = [];
  for (let pane = 0; pane < 4; pane++) {
    await keys('F6');
    visited.push(await ann.page.evaluate(() => document.activeElement.closest('[data-pane]')?.className ?? ''));
  }
  assert.equal(new Set(visited).size, visited.length, visited.join(', '));
});

step('the chip stays private until it is changed, and Esc changes it back', async () => {
  await ann.box.focus();
  await ann.page.getByRole('button', { name: /^To: Bob/ }).waitFor();
  await keys('Escape');
  await ann.page.getByRole('button', { name: 'To: Everyone' }).waitFor();
});

step('/to names the person', async () => {
  await types('/to bob ');
  await ann.page.getByText('Only you and Bob will see this.').waitFor();
  assert.equal(await ann.box.inputValue(), '');
});

step('Ctrl+Shift+Enter is the other button, and asks before private words go out', async () => {
  await types('only for Bob');
  await keys('Control+Shift+Enter');
  await ann.page
    .getByRole('alertdialog', {
      name: 'You wrote this to Bob. Send it to everyone?',
    })
    .waitFor();
  await keys('Escape');
  assert.equal(await ann.box.inputValue(), 'only for Bob');
  await keys('Enter');
  await bob.sees('only for Bob');
  await keys('Escape');
});

step('Shift+Enter makes a new line', async () => {
  await types('first line');
  await keys('Shift+Enter');
  await types('second line');
  await keys('Enter');
  await ann.page.getByText('first line\nsecond line').waitFor();
});

step('the messages are one stop, and the arrow keys move by message', async () => {
  const stops = await ann.page.locator('[role=feed] [tabindex="0"]').count();
  assert.equal(stops, 1);
  await keys('Shift+F6');
  assert.match(await focused(), /^You, /);
  await keys('Home');
  const first = await ann.page.evaluate(() => document.activeElement.getAttribute('aria-posinset'));
  assert.equal(first, '1');
  await keys('ArrowDown');
  assert.equal(await ann.page.evaluate(() => document.activeElement.getAttribute('aria-posinset')), '2');
  await keys('End');
  assert.match(await ann.page.evaluate(() => document.activeElement.innerText), /second line/);
});

step('Alt with an arrow key opens the next conversation', async () => {
  await keys('Alt+ArrowDown');
  await ann.page.getByRole('heading', { name: 'Bob', level: 1 }).waitFor();
  await keys('Alt+ArrowUp');
  await ann.page.getByRole('heading', { name: 'Everyone', level: 1 }).waitFor();
});

step('Ctrl+/ lists the keys, and closing gives the focus back', async () => {
  await ann.box.focus();
  await keys('Control+/');
  await ann.page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await keys('Escape');
  await ann.page.getByRole('dialog').waitFor({ state: 'detached' });
  await focusIs('Message');
});

step('new messages are read aloud once, own ones and private ones of others never', async () => {
  await bob.link('Everyone').click();
  await bob.send('hear, hear', 'Send to everyone');
  await ann.page.locator('[aria-live=polite]', { hasText: 'Bob: hear, hear' }).waitFor({ state: 'attached' });
});

step('one signs out without a pointer', async () => {
  const button = ann.page.getByRole('button', { name: 'Ann online' });
  await button.focus();
  await keys('Enter', 'Tab', 'Tab', 'Tab', 'Tab');
  assert.equal(await focused(), 'Sign out');
  await keys('Enter');
  await ann.page.getByLabel('Password', { exact: true }).waitFor();
});

async function keys(...presses) {
  for (const press of presses) await ann.page.keyboard.press(press);
}

/** What is loaded when it is first used has the focus. */
function fieldOpens() {
  return ann.page.waitForFunction(() => document.activeElement instanceof HTMLInputElement);
}

async function types(text) {
  await ann.page.keyboard.type(text);
}

/** The accessible name, near enough, of what has the focus. */
function focused() {
  return ann.page.evaluate(() => {
    const { activeElement } = document;
    return activeElement.getAttribute('aria-label') ?? activeElement.textContent.trim();
  });
}

async function focusIs(label) {
  await ann.page.waitForFunction((wanted) => document.activeElement?.getAttribute('aria-label') === wanted, label);
}
