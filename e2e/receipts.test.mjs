import assert from 'node:assert/strict';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';

// Whoever goes is gone soon, so that the story does not wait.
const scene = stage({ server: ['--presence-grace', '100ms'] });
let ann;
let bob;
let chen;

step('three people are here, and Ann writes to Bob', async () => {
  ann = await scene.joins('Ann');
  bob = await scene.joins('Bob');
  chen = await scene.joins('Chen');
  await ann.open('Bob');
  await ann.send('Lunch at noon?', 'Send to Bob');
});

step('the message is delivered once Bob has it on a socket, wherever he looks', async () => {
  await ann.is('Delivered', 'Lunch at noon?');
});

step('it is seen once he has read it, and says when', async () => {
  await bob.open('Ann');
  await bob.sees('Lunch at noon?');
  await ann.is('Seen', 'Lunch at noon?');
  await ann.page.getByText(/^Seen \d\d:\d\d$/).waitFor();
});

step('that is still known after a reload', async () => {
  await ann.page.reload();
  await ann.is('Seen', 'Lunch at noon?');
  await ann.page.getByText(/^Seen \d\d:\d\d$/).waitFor();
});

step('to somebody who is away a message is sent, and delivered when they are back', async () => {
  await bob.page.close();
  await ann.page.locator('.conversation-header').getByText('last seen just now').waitFor();
  await ann.send('The soup is good today', 'Send to Bob');
  await ann.is('Sent', 'The soup is good today');
  await bob.openPage();
  await ann.is('Delivered', 'The soup is good today');
});

step('the route of an own message tells of sockets, and of who came back', async () => {
  const route = await chosen(ann, 'The soup is good today', 'Show route');
  await route
    .getByText(/^Reached 1 of 1 socket at \d\d:\d\d:\d\d · 1 person was offline and got it on return \(\d\d:\d\d\)$/)
    .waitFor();
  await ann.page.keyboard.press('Escape');
});

step('in a small room the menu counts who has seen a message, and lists them', async () => {
  await ann.open('Everyone');
  await ann.send('Coffee is ready', 'Send to everyone');
  await Promise.all([bob, chen].map((one) => one.open('Everyone')));
  await Promise.all([bob, chen].map((one) => one.sees('Coffee is ready')));
  await counts(ann, 'Coffee is ready', 'Seen by 2');
  const seen = await chosen(ann, 'Coffee is ready', 'Seen by 2');
  assert.deepEqual(await seen.getByRole('listitem').locator('bdi').allInnerTexts(), ['Bob', 'Chen']);
  await ann.page.keyboard.press('Escape');
});

step('whoever does not show what they read is not listed, and sees it of nobody', async () => {
  await toggles(bob, 'Show what I have received and read');
  await chosen(ann, 'Coffee is ready', 'Seen by 1');
  await ann.page.keyboard.press('Escape');
  await menu(bob, 'Coffee is ready');
  assert.equal(await bob.page.getByRole('menuitem', { name: /^Seen/ }).count(), 0);
  await bob.page.keyboard.press('Escape');
  await bob.open('Ann');
  await bob.send('On my way', 'Send to Ann');
  await ann.open('Bob');
  await ann.sees('On my way');
  await bob.is('Sent', 'On my way');
  await toggles(bob, 'Show what I have received and read');
});

step('whoever does not show when they are here is seen by nobody, and sees nobody', async () => {
  const header = (person) => person.page.locator('.conversation-header p');
  await header(ann).getByText('online').waitFor();
  await toggles(bob, 'Show when I am here');
  await header(ann).getByText('online').waitFor({ state: 'detached' });
  assert.equal(await header(ann).innerText(), '');
  await header(bob).getByText('online').waitFor({ state: 'detached' });
  assert.equal(await bob.page.getByRole('button', { name: 'Bob online' }).count(), 1);
  await toggles(bob, 'Show when I am here');
  await Promise.all([ann, bob].map((one) => header(one).getByText('online').waitFor()));
});

step('whoever does not show that they type is not seen to, and sees nobody type', async () => {
  await toggles(bob, 'Show when I am typing');
  await Promise.all([ann, bob, chen].map((one) => one.open('Everyone')));
  const before = new Map([ann, bob, chen].map((one) => [one, one.frames.length]));
  await bob.box.pressSequentially('secretly');
  await ann.box.pressSequentially('openly');
  await chen.page.getByText('Ann is typing…').waitFor();
  const typing = (one) => one.frames.slice(before.get(one)).filter((frame) => frame.includes('["typing"'));
  assert.deepEqual(typing(bob), []);
  for (const one of [ann, chen]) assert.ok(typing(one).every((frame) => frame.includes('"name":"ann"')));
  await Promise.all([ann, bob].map((one) => one.box.fill('')));
});

step('who is blocked stands in the settings, and is let in again there', async () => {
  await ann.button('Details').click();
  await ann.page.getByRole('tab', { name: 'People' }).click();
  await ann.page.getByRole('tabpanel').getByRole('button', { name: /Chen/ }).click();
  await ann.button('Block').click();
  await ann.button('Unblock').waitFor();
  await ann.page.keyboard.press('Escape');
  const settings = await privacy(ann);
  await settings.getByRole('button', { name: 'Unblock Chen', exact: true }).click();
  await settings.getByText('You have blocked nobody.').waitFor();
});

/** The settings, open. */
async function privacy(person) {
  await person.page.getByRole('button', { name: `${person.name} online` }).click();
  await person.button('Settings').click();
  const dialog = person.page.getByRole('dialog', { name: 'Settings' });
  await dialog.waitFor();
  return dialog;
}

/** Turns a switch of the privacy settings, and waits until the server has said so. */
async function toggles(person, name) {
  const dialog = await privacy(person);
  const before = person.frames.length;
  await dialog.getByRole('checkbox', { name, exact: true }).click();
  while (!person.frames.slice(before).some((frame) => frame.includes('["user:changed"'))) {
    await person.page.evaluate(() => new Promise(requestAnimationFrame));
  }
  await person.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
}

async function menu(person, text) {
  await person.message(text).focus();
  await person.page.keyboard.press('Enter');
  await person.page.getByRole('menu').waitFor();
}

/** Looks into a message's menu until it counts so many readers. */
async function counts(person, text, entry) {
  for (let found = ''; found !== entry;) {
    await menu(person, text);
    const item = person.page.getByRole('menuitem', { name: /^Seen by [^…]+$/ });
    await item.waitFor();
    found = await item.innerText();
    await person.page.keyboard.press('Escape');
  }
}

/** The dialog that an entry of a message's menu opens. */
async function chosen(person, text, entry) {
  await menu(person, text);
  await person.page.getByRole('menuitem', { name: entry, exact: true }).click();
  const dialog = person.page.getByRole('dialog');
  await dialog.locator('[aria-busy=false]').waitFor();
  return dialog;
}
