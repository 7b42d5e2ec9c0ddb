import assert from 'node:assert/strict';
import { violations } from './lib/axe.mjs';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';

// The smallest picture there is: one transparent point.
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

// Two points in turn, red and blue.
const GIF = Buffer.from(
  '47494638396101000100800000ff00000000ff21ff0b4e45545343415045322e30030100000021f904000a0000002c0000000001000100' +
    '00020244010021f904000a0000002c00000000010001000002024c01003b',
  'hex',
);

const scene = stage();
let ann;
let bob;

step('pictures and other files go with a message', async () => {
  ann = await scene.joins('Ann');
  bob = await scene.joins('Bob');
  await ann.page.locator('input[type=file]').setInputFiles([
    { name: 'header.png', mimeType: 'image/png', buffer: PNG },
    { name: 'logo.png', mimeType: 'image/png', buffer: PNG },
    { name: 'spec.txt', mimeType: 'text/plain', buffer: Buffer.from('the specification') },
  ]);
  const chips = ann.page.getByRole('list', { name: 'Attached files' });
  await chips.getByText('spec.txt').waitFor();
  await ann.page.getByLabel('Describe header.png for those who cannot see it').fill('The new header');
  assert.deepEqual(await violations(ann.page), []);
  await ann.send('Here it is', 'Send to everyone');
  await chips.waitFor({ state: 'detached' });
  await bob.page.getByRole('img', { name: 'The new header' }).waitFor();
  await bob.page.getByRole('link', { name: 'spec.txt' }).waitFor();
  await bob.page.waitForFunction(() =>
    [...document.querySelectorAll('article img')].every((img) => img.naturalWidth > 0),
  );
});

step('a picture opens large, the keys go on to the next, and Esc gives the focus back', async () => {
  const small = bob.page.getByRole('button', { name: 'The new header' });
  await small.click();
  const large = bob.page.getByRole('dialog', { name: 'The new header' });
  await large.waitFor();
  assert.deepEqual(await violations(bob.page), []);
  await large.getByText('1 of 2').waitFor();
  await bob.page.keyboard.press('ArrowRight');
  await bob.page.getByRole('dialog', { name: 'logo.png' }).getByText('2 of 2').waitFor();
  await bob.page.getByRole('button', { name: 'Zoom in' }).click();
  await bob.page.keyboard.press('Escape');
  await bob.page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await small.evaluate((button) => button === document.activeElement), true);
});

step('a file is pasted, and one that was taken away is not sent', async () => {
  await ann.box.focus();
  await ann.page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['pasted'], 'pasted.txt', { type: 'text/plain' }));
    data.items.add(new File(['mistake'], 'mistake.txt', { type: 'text/plain' }));
    document.activeElement.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  });
  await ann.button('Remove mistake.txt').click();
  await ann.button('Send to everyone').click();
  await bob.page.getByRole('link', { name: 'pasted.txt' }).waitFor();
  assert.equal(await bob.page.getByText('mistake.txt').count(), 0);
});

step('an animated picture stands still for those who want calm, and plays for a while when asked', async () => {
  await ann.page.locator('input[type=file]').setInputFiles([{ name: 'party.gif', mimeType: 'image/gif', buffer: GIF }]);
  await ann.send('', 'Send to everyone');
  const row = bob.page.getByRole('article').filter({ has: bob.page.getByRole('button', { name: 'party.gif' }) });
  const still = row.locator('canvas');
  await still.waitFor();
  await row.getByRole('button', { name: 'Play the animation' }).click();
  await still.waitFor({ state: 'hidden' });
  await row.getByRole('button', { name: 'Stop the animation' }).waitFor();
  assert.deepEqual(await violations(bob.page), []);
  await still.waitFor();
  await row.getByRole('button', { name: 'Play the animation' }).waitFor();
});
