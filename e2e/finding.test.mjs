import assert from 'node:assert/strict';
import { crowd } from './lib/crowd.mjs';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';

const scene = stage();
let ann;
let bob;

step('what there is to find has been written', async () => {
  ann = await scene.joins('Ann');
  bob = await scene.joins('Bob');
  await bob.createRoom('Design', { members: ['Ann'] });
  await bob.send('The new header is in', 'Send to everyone in Design');
  await bob.send('@ann can you check the header at 320 px?', 'Send to everyone in Design');
  await bob.sent('@Ann can you check the header at 320 px?');
  await bob.open('Everyone');
  await bob.send('A header for all', 'Send to everyone');
  await bob.sent('A header for all');
  await crowd(scene.server.url, 120);
  await ann.page.getByText('message 119', { exact: true }).waitFor();
});

step('Ctrl+K opens what is unread first, and goes where the letters lead', async () => {
  await ann.box.focus();
  await ann.page.keyboard.press('Control+k');
  const dialog = ann.page.getByRole('dialog', { name: 'Go to' });
  await dialog.waitFor();
  assert.match(await dialog.getByRole('option').first().innerText(), /^Design/);
  await ann.page.keyboard.type('dsg');
  await ann.page.keyboard.press('Enter');
  await ann.page.getByRole('heading', { name: 'Design', level: 1 }).waitFor();
  await dialog.waitFor({ state: 'detached' });
  await ann.page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
});

step('it opens without a network', async () => {
  await ann.context.setOffline(true);
  await ann.page.keyboard.press('Control+k');
  await ann.page.locator('.switcher li').first().waitFor();
  await ann.page.keyboard.type('theme dark');
  await ann.page.keyboard.press('Enter');
  await ann.page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
  await ann.context.setOffline(false);
});

step('Ctrl+F looks here, and everywhere if nothing is here', async () => {
  await ann.box.focus();
  await ann.page.keyboard.press('Control+f');
  const dialog = ann.page.getByRole('dialog', { name: 'Search' });
  await dialog.getByRole('searchbox').fill('for all');
  await dialog.getByText('No messages match “for all”.').waitFor();
  await dialog.getByRole('button', { name: 'Search everywhere' }).click();
  await dialog.getByRole('region', { name: 'Everyone' }).getByText('A header for all').waitFor();
  assert.deepEqual(await dialog.locator('mark').allInnerTexts(), ['for', 'all']);
});

step('filters become chips, which go away again', async () => {
  const dialog = ann.page.getByRole('dialog', { name: 'Search' });
  await dialog.getByRole('searchbox').fill('from:bob header');
  await dialog.getByRole('button', { name: 'Remove the filter from: Bob' }).waitFor();
  await dialog.getByText(/^3 results · \d+ ms$/).waitFor();
  await dialog.getByRole('searchbox').fill('in:design header');
  await dialog.getByText(/^2 results · \d+ ms$/).waitFor();
  await dialog.getByRole('button', { name: 'Remove the filter in: Design' }).click();
  await dialog.getByText(/^3 results · \d+ ms$/).waitFor();
});

step('Enter opens the message where it stands, and a pill leads back', async () => {
  const dialog = ann.page.getByRole('dialog', { name: 'Search' });
  await dialog.getByRole('searchbox').fill('A header for all');
  await dialog.getByText(/^1 result · \d+ ms$/).waitFor();
  await ann.page.keyboard.press('Enter');
  await ann.page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await ann.page.getByRole('heading', { name: 'Everyone', level: 1 }).waitFor();
  await ann.page.waitForFunction(() => {
    const row = [...document.querySelectorAll('article')].find((one) => one.innerText.includes('A header for all'));
    const box = row?.getBoundingClientRect();
    return box && box.top > 0 && box.bottom < innerHeight;
  });
  await ann.button('Back to latest').click();
  await ann.page.getByText('message 119', { exact: true }).waitFor();
});

step('what was looked for before is offered again', async () => {
  await ann.page.keyboard.press('Control+k');
  const dialog = ann.page.getByRole('dialog', { name: 'Go to' });
  await dialog.getByRole('option', { name: /A header for all/ }).waitFor();
  await ann.page.keyboard.press('Escape');
});

step('mentions have an address of their own, and lead to where they stand and back', async () => {
  const title = ann.page.getByRole('heading', { name: 'Mentions', level: 1 });
  await ann.page.getByRole('link', { name: /^Mentions/ }).click();
  await title.waitFor();
  assert.equal(new URL(ann.page.url()).pathname, '/mentions');
  await ann.page.getByRole('button', { name: /can you check the header/ }).click();
  await ann.page.getByRole('heading', { name: 'Design', level: 1 }).waitFor();
  await ann.sees('@Ann can you check the header at 320 px?');
  await ann.page.evaluate(() => history.back());
  await title.waitFor();
  await ann.page.reload();
  await title.waitFor();
});

step('nothing addressed to anybody is said so', async () => {
  await bob.page.getByRole('link', { name: 'Mentions' }).click();
  await bob.page.getByText('Nothing addressed to you. Enjoy.').waitFor();
});

step('Alt+Shift with an arrow key opens the next unread conversation', async () => {
  await ann.open('Everyone');
  await bob.open('Design');
  await bob.send('one more', 'Send to everyone in Design');
  await ann.link('Design').and(ann.page.locator('.bold')).waitFor();
  await ann.page.keyboard.press('Alt+Shift+ArrowDown');
  await ann.page.getByRole('heading', { name: 'Design', level: 1 }).waitFor();
});
