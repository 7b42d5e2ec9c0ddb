// The page does as the device and the person ask (list items 5, 7, 8 and 9 of docs/accessibility.md).
import assert from 'node:assert/strict';
import { PASSWORD } from './lib/person.mjs';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';

const UPRIGHT = { width: 390, height: 844 };
const LYING = { width: 844, height: 390 };

const scene = stage();
let ann;

step('a password is pasted, and a password manager knows the fields', async () => {
  ann = await scene.arrives('Ann', { permissions: ['clipboard-read', 'clipboard-write'] });
  const { page } = ann;
  await page.getByLabel('Name', { exact: true }).fill('Ann');
  const password = page.getByLabel('Password', { exact: true });
  await page.evaluate((text) => navigator.clipboard.writeText(text), PASSWORD);
  await password.focus();
  await page.keyboard.press('Control+v');
  assert.equal(await password.inputValue(), PASSWORD);
  assert.equal(await password.getAttribute('autocomplete'), 'current-password');
  assert.equal(await page.getByLabel('Name', { exact: true }).getAttribute('autocomplete'), 'username');
  await ann.button('Sign in').click();
  const again = page.getByLabel('Password again', { exact: true });
  await again.focus();
  await page.keyboard.press('Control+v');
  assert.equal(await again.inputValue(), PASSWORD);
  await ann.button('Create account').click();
  await ann.inChat();
});

step('what was wrong is said beside its field', async () => {
  await ann.button('Create a room').click();
  await ann.button('Create room').click();
  const name = ann.page.getByRole('dialog').getByLabel('Name', { exact: true });
  await ann.page.getByText('Enter a name.').waitFor();
  assert.equal(await name.getAttribute('aria-invalid'), 'true');
  const described = await name.evaluate((field) =>
    document.getElementById(field.getAttribute('aria-describedby') ?? '')?.textContent.trim(),
  );
  assert.equal(described, 'Enter a name.');
  await ann.page.keyboard.press('Escape');
});

step('sent and failed, the connection and results are said by what screen readers listen to', async () => {
  await ann.send('one, two, three', 'Send to everyone');
  await ann.message('one, two, three').getByRole('img', { name: 'Sent' }).waitFor();
  await ann.page.keyboard.press('Control+f');
  await ann.page.getByRole('searchbox').fill('three');
  await ann.page
    .getByRole('status')
    .filter({ hasText: /^1 result/ })
    .waitFor();
  await ann.page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await ann.context.setOffline(true);
  await ann.page.evaluate(() => dispatchEvent(new Event('offline')));
  await ann.page.getByRole('status').filter({ hasText: 'You are offline.' }).waitFor();
  await ann.context.setOffline(false);
  await ann.page.evaluate(() => dispatchEvent(new Event('online')));
});

step('upright or lying, one writes and sends', async () => {
  for (const size of [UPRIGHT, LYING, UPRIGHT]) {
    await ann.page.setViewportSize(size);
    await ann.box.fill(`at ${size.width} by ${size.height}`);
    await ann.button('Send to everyone').click();
    const row = ann.page
      .getByRole('article')
      .filter({ hasText: `at ${size.width} by ${size.height}` })
      .last();
    await row.getByRole('img', { name: 'Sent' }).waitFor();
    const { y, height } = await row.boundingBox();
    assert.ok(y >= 0 && y + height <= size.height, `the row is at ${y}`);
  }
  const manifest = await ann.page.evaluate(() =>
    fetch(document.querySelector('link[rel=manifest]').href).then((answer) => answer.json()),
  );
  assert.ok([undefined, 'any'].includes(manifest.orientation));
});

step('nothing moves for those who want it still, by their system or by their setting', async () => {
  await ann.page.setViewportSize({ width: 1280, height: 800 });
  await ann.page.emulateMedia({ reducedMotion: 'reduce' });
  assert.deepEqual(await moving(), []);
  await ann.page.emulateMedia({ reducedMotion: 'no-preference' });
  assert.notDeepEqual(await moving(), [], 'what would move was not found');
  await ann.page.getByRole('button', { name: 'Ann online' }).click();
  await ann.button('Settings').click();
  await ann.page.getByLabel('Reduce motion').check();
  assert.deepEqual(await moving(), []);
});

/** What takes longer than no time to change. */
function moving() {
  return ann.page.evaluate(() =>
    [...document.querySelectorAll('*')]
      .filter((element) => {
        const { transitionDuration, animationDuration, animationName, animationIterationCount } =
          getComputedStyle(element);
        const lasts = (list) => list.split(', ').some((one) => parseFloat(one) > 0);
        return (
          lasts(transitionDuration) ||
          (animationName !== 'none' && (lasts(animationDuration) || animationIterationCount === 'infinite'))
        );
      })
      .map((element) => element.outerHTML.slice(0, 80)),
  );
}
