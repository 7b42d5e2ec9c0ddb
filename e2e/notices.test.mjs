// What passes by stays long enough, and can be read later (list items 9 and 5 of docs/accessibility.md).
import assert from 'node:assert/strict';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';

const WELCOME = 'Welcome, Ann. Your account was created.';

const scene = stage();
let ann;
let bob;
let toast;

step('somebody whose clock we hold creates an account', async () => {
  bob = await scene.joins('Bob');
  ann = await scene.arrives('Ann');
  await ann.page.clock.install();
  await ann.register();
  toast = ann.page.locator('.toast', { hasText: WELCOME });
  await toast.waitFor();
});

step('a notice is a status, and stays while the pointer is on it', async () => {
  assert.equal(await toast.evaluate((element) => element.closest('[role=status]') !== null), true);
  await toast.hover();
  await ann.page.clock.runFor(30_000);
  assert.equal(await toast.isVisible(), true);
});

step('it stays while the focus is in it', async () => {
  await toast.getByRole('button', { name: 'Close' }).focus();
  await ann.page.mouse.move(0, 700);
  await ann.page.clock.runFor(30_000);
  assert.equal(await toast.isVisible(), true);
});

step('once it is left alone it goes', async () => {
  await ann.box.focus();
  await toast.waitFor({ state: 'detached' });
});

step('left alone from the start it stays for eight seconds', async () => {
  await bob.createRoom('Garden', { members: ['Ann'] });
  await ann.link('Garden').waitFor();
  await bob.button('Details').click();
  await bob.page.getByRole('tab', { name: 'People' }).click();
  await bob.page.getByRole('tabpanel').getByRole('button', { name: /Ann/ }).click();
  await bob.button('Remove from Garden').click();
  const removed = ann.page.locator('.toast', { hasText: 'Garden' });
  await removed.waitFor();
  await ann.page.clock.runFor(7000);
  assert.equal(await removed.isVisible(), true);
  await ann.page.clock.runFor(2000);
  await removed.waitFor({ state: 'detached' });
});

step('what has gone is in a list, the latest first', async () => {
  await ann.page.getByRole('button', { name: 'Ann online' }).click();
  await ann.button('Recent notices').click();
  const items = ann.page.getByRole('dialog', { name: 'Recent notices' }).locator('dt');
  assert.match(await items.nth(0).innerText(), /Garden/);
  assert.match(await items.nth(1).innerText(), /Welcome, Ann/);
  await ann.page.keyboard.press('Escape');
});

step(
  'who reacted is told on the focus and under the pointer, which may move onto it, and Esc takes it away',
  async () => {
    await bob.open('Everyone');
    await bob.send('to be liked', 'Send to everyone');
    await ann.open('Everyone');
    await ann.message('to be liked').focus();
    await ann.page.keyboard.press('+');
    await ann.page.getByRole('dialog', { name: 'Emoji' }).locator('.grid button').first().click();
    const chip = ann.message('to be liked').getByRole('list', { name: 'Reactions' }).getByRole('button');
    const who = ann.message('to be liked').getByRole('tooltip', { includeHidden: true });
    await chip.hover();
    await shown(who, true);
    await who.hover();
    await shown(who, true);
    await ann.page.mouse.move(0, 0);
    await shown(who, false);
    await chip.focus();
    await shown(who, true);
    await ann.page.keyboard.press('Escape');
    await shown(who, false);
  },
);

async function shown(who, wanted) {
  await who.and(ann.page.locator(wanted ? '.shown' : ':not(.shown)')).waitFor({ state: 'attached' });
}
