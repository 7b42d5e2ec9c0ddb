import assert from 'node:assert/strict';
import { violations } from './lib/axe.mjs';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';

const PHONE = {
  viewport: { width: 360, height: 740 },
  hasTouch: true,
  isMobile: true,
};

const scene = stage();
let ann;

step('a phone shows the list first, and one pane at a time', async () => {
  const bob = await scene.joins('Bob');
  await bob.send('hello, phone', 'Send to everyone');
  ann = await scene.joins('Ann', PHONE);
  await ann.page.getByRole('heading', { name: 'Parley', level: 1 }).waitFor();
  assert.equal(await ann.box.isVisible(), false);
  await ann.open('Everyone');
  await ann.sees('hello, phone');
  assert.equal(await ann.link('Everyone').isVisible(), false);
});

step('below the list are chats, mentions and me, and not in a conversation', async () => {
  const below = ann.page.getByRole('navigation', { name: 'Sections' });
  assert.equal(await below.isVisible(), false);
  await ann.button('Back').click();
  await below.getByRole('button', { name: 'Chats' }).waitFor();
  const boxes = await below
    .locator('button, a')
    .evaluateAll((targets) => targets.map((target) => target.getBoundingClientRect().height));
  assert.equal(boxes.length, 3);
  assert.ok(Math.min(...boxes) >= 44, boxes.join(', '));
  assert.deepEqual(await violations(ann.page), []);
  await below.getByRole('link', { name: 'Mentions' }).tap();
  await ann.page.getByRole('heading', { name: 'Mentions', level: 1 }).waitFor();
  assert.equal(await ann.link('Everyone').isVisible(), false);
  await below.getByRole('button', { name: 'Chats' }).tap();
  await ann.link('Everyone').waitFor();
  assert.equal(new URL(ann.page.url()).pathname, '/');
  await below.getByRole('button', { name: 'Me online', exact: true }).tap();
  await ann.button('Settings').waitFor();
  await ann.page.keyboard.press('Escape');
  await ann.open('Everyone');
});

step('a name opens the card of its person, and so does the picture', async () => {
  const row = ann.message('hello, phone');
  const card = ann.page.getByRole('dialog', { name: 'Bob' });
  await row.getByRole('button', { name: 'Bob', exact: true }).press('Enter');
  await card.waitFor();
  await ann.page.keyboard.press('Escape');
  await card.waitFor({ state: 'detached' });
  await ann.page.waitForFunction(() => document.activeElement?.textContent === 'Bob');
  await row.tap({ position: { x: 30, y: 30 } });
  await card.waitFor();
  await ann.page.keyboard.press('Escape');
  await card.waitFor({ state: 'detached' });
});

step('the composer is one line until it is used', async () => {
  assert.equal(await ann.button('Send to everyone').isVisible(), false);
  await ann.box.tap();
  await ann.button('Send to everyone').waitFor();
  assert.equal(await ann.button('Send to everyone').innerText(), 'Everyone');
  await ann.send('hello from the phone', 'Send to everyone');
  await ann.sent('hello from the phone');
});

step('every control is large enough for a finger', async () => {
  const small = await ann.page.evaluate(() =>
    [...document.querySelectorAll('button, a[href], textarea')]
      .filter((element) => element.checkVisibility() && !element.matches('.skip-link'))
      .map((element) => ({
        name: element.textContent.trim(),
        box: element.getBoundingClientRect(),
      }))
      .filter(({ box }) => box.height < 44)
      .map(({ name, box }) => `${name}: ${box.height}`),
  );
  assert.deepEqual(small, []);
});

step('history leads back to the list, and so does the arrow', async () => {
  await ann.page.evaluate(() => history.back());
  await ann.link('Everyone').waitFor();
  await ann.open('Bob');
  // A click of the driver's own waits seconds for a navigation, and this one stays within the page.
  await ann.button('Back').evaluate((button) => button.click());
  await ann.link('Bob').waitFor();
  assert.equal(new URL(ann.page.url()).pathname, '/');
  assert.match(await ann.page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? ''), /^Bob/);
});

step('details come up from below, take the focus, and give it back', async () => {
  await ann.open('Everyone');
  await ann.button('Details').click();
  const details = ann.page.getByRole('complementary', { name: 'Details' });
  await details.getByRole('tab', { name: 'People' }).click();
  await details.getByRole('button', { name: /Bob/ }).waitFor();
  assert.ok(await details.evaluate((panel) => panel.contains(document.activeElement)));
  await ann.page.keyboard.press('Escape');
  await details.waitFor({ state: 'detached' });
  await ann.page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Details');
});
