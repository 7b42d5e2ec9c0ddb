import assert from 'node:assert/strict';
import { violations } from './lib/axe.mjs';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';

const scene = stage();
let ann;
let bob;

step('two people write to each other', async () => {
  ann = await scene.joins('Ann');
  bob = await scene.joins('Bob');
  await ann.send('Morning! The new header is in.', 'Send to everyone');
  await bob.sees('Morning! The new header is in.');
});

step('a message is answered from its menu, and the quote leads back to it', async () => {
  const row = bob.message('Morning! The new header is in.');
  await row.hover();
  await row.getByRole('button', { name: 'Message actions' }).click();
  await bob.page.getByRole('menuitem', { name: 'Reply', exact: true }).click();
  await bob.page.getByText('Replying to Ann').waitFor();
  await bob.send('Looks great', 'Send to everyone');

  const answer = ann.message('Looks great');
  await answer.waitFor();
  await answer
    .getByRole('button', {
      name: 'In reply to Ann Morning! The new header is in.',
    })
    .click();
  await ann.page.locator('article.flashed', { hasText: 'The new header is in' }).waitFor();
});

step('a message is edited in place: Up in the empty box, and Enter', async () => {
  await ann.box.focus();
  await ann.page.keyboard.press('ArrowUp');
  const editor = ann.page.getByRole('textbox', { name: 'Edit your message' });
  await editor.waitFor();
  assert.equal(await editor.inputValue(), 'Morning! The new header is in.');
  await editor.fill('Morning! The new header is **in**.');
  await ann.page.keyboard.press('Enter');
  await editor.waitFor({ state: 'detached' });
  await bob.page.getByText('(edited)').waitFor();
  assert.equal(await bob.page.locator('article strong').textContent(), 'in');
  await focusIs(ann, 'Message');
});

step('one keyboard is enough: menu, answer, edit, delete', async () => {
  await ann.box.press('Shift+F6');
  await ann.page.keyboard.press('Home');
  await ann.page.keyboard.press('Enter');
  await ann.page.getByRole('menu', { name: 'Message actions' }).waitFor();
  assert.deepEqual(await violations(ann.page), []);
  await ann.page.keyboard.press('Escape');
  await ann.page.getByRole('menu').waitFor({ state: 'detached' });
  assert.match(await focused(ann), /^You, /);
  await ann.page.keyboard.press('e');
  await ann.page.getByRole('textbox', { name: 'Edit your message' }).waitFor();
  await ann.page.keyboard.press('Escape');
  assert.match(await focused(ann), /^You, /);
  await ann.page.keyboard.press('r');
  await ann.page.getByText('Replying to Ann').waitFor();
  await ann.page.keyboard.press('Escape');
  await ann.page.getByText('Replying to Ann').waitFor({ state: 'detached' });
});

step('deleting asks, can be taken back for a while, and leaves a trace', async () => {
  await ann.send('a slip of the tongue', 'Send to everyone');
  await bob.sees('a slip of the tongue');
  await remove();
  await ann.button('Undo').click();
  await ann.sees('a slip of the tongue');
  await bob.sees('a slip of the tongue');

  await remove();
  await ann.page.locator('.toast', { hasText: 'Message deleted.' }).getByRole('button', { name: 'Close' }).click();
  await bob.page.getByRole('article').filter({ hasText: 'Message deleted' }).waitFor();
  assert.equal(await bob.message('a slip of the tongue').count(), 0);

  async function remove() {
    await ann.message('a slip of the tongue').focus();
    await ann.page.keyboard.press('Delete');
    const ask = ann.page.getByRole('alertdialog', {
      name: 'Delete this message?',
    });
    await ask.getByText('Everyone will stop seeing it.').waitFor();
    await ask.getByText('a slip of the tongue').waitFor();
    assert.equal(await ann.page.evaluate(() => document.activeElement.textContent.trim()), 'Keep');
    await ask.getByRole('button', { name: 'Delete' }).click();
    await ann.page.getByText('Message deleted', { exact: true }).waitFor();
  }
});

step('markdown is shown, and HTML in it is text', async () => {
  const text =
    '**bold** _slanted_ ~~gone~~ `code`\n\n> said\n\n1. one\n2. two\n\n<img src=x onerror="document.title=1">';
  await ann.send(`${text}\n\n\`\`\`js\nconst a = 'b';\n\`\`\`\n||hidden||`, 'Send to everyone');
  const row = bob.page.getByRole('article').last();
  await row.locator('strong', { hasText: 'bold' }).waitFor();
  for (const part of ['em', 'del', 'code', 'blockquote', 'ol > li']) await row.locator(part).first().waitFor();
  await row.getByText('JavaScript').waitFor();
  await row.locator('pre .keyword', { hasText: 'const' }).waitFor();
  assert.equal(await row.locator('img').count(), 0);
  await row.getByText('<img src=x').waitFor();
  assert.equal(await row.getByText('hidden').count(), 0);
  await row.getByRole('button', { name: 'Show spoiler' }).click();
  await row.getByText('hidden').waitFor();
});

step('links lead to web and mail only, and tell the other side nothing', async () => {
  await ann.send('[web](https://example.org/x) [bad](javascript:alert(1)) ann@example.org', 'Send to everyone');
  const row = bob.page.getByRole('article').last();
  const link = row.getByRole('link', { name: 'web' });
  await link.waitFor();
  assert.equal(await link.getAttribute('href'), 'https://example.org/x');
  assert.match(await link.getAttribute('rel'), /noopener/);
  assert.equal(await row.getByRole('link').count(), 2);
  await row.getByText('[bad](javascript:alert(1))').waitFor();
});

step('what is pinned says so', async () => {
  const row = bob.message('Looks great');
  await row.hover();
  await row.getByRole('button', { name: 'Message actions' }).click();
  await bob.page.getByRole('menuitem', { name: 'Pin' }).click();
  await ann.page.getByRole('article').filter({ hasText: 'Looks great' }).getByText('Pinned').waitFor();
});

step('one reacts with the keys, and takes it back with a click', async () => {
  await ann.message('Looks great').focus();
  await ann.page.keyboard.press('+');
  const panel = ann.page.getByRole('dialog', { name: 'Emoji' });
  await panel.getByRole('searchbox', { name: 'Find an emoji' }).fill('party');
  await panel.getByRole('button', { name: 'party popper' }).waitFor();
  assert.deepEqual(await violations(ann.page), []);
  await ann.page.keyboard.press('Tab');
  await panel.getByRole('button', { name: 'party popper' }).click();
  await panel.waitFor({ state: 'detached' });
  const chip = bob.message('Looks great').getByRole('button', { name: '🎉 1' });
  await chip.click();
  await bob.message('Looks great').getByRole('tooltip').getByText('Ann and You').waitFor({ state: 'attached' });
  const hers = ann.message('Looks great').getByRole('button', { name: '🎉 2', pressed: true });
  await hers.click();
  await bob.message('Looks great').getByRole('button', { name: '🎉 1', pressed: true }).waitFor();
  assert.deepEqual(await violations(bob.page), []);
});

step('a long press opens the menu on touch', async () => {
  const chen = await scene.joins('Chen', {
    hasTouch: true,
    viewport: { width: 360, height: 740 },
  });
  await chen.open('Everyone');
  await chen.sees('Looks great');
  const row = chen.message('Looks great');
  const touch = {
    pointerType: 'touch',
    clientX: 60,
    clientY: 60,
    bubbles: true,
  };
  await row.dispatchEvent('pointerdown', touch);
  await row.dispatchEvent('contextmenu', { bubbles: true, cancelable: true });
  await row.dispatchEvent('pointerup', touch);
  await chen.page.getByRole('menu', { name: 'Message actions' }).waitFor();
  assert.deepEqual(await violations(chen.page), []);
  await chen.page.keyboard.press('Escape');
});

async function focusIs(person, label) {
  await person.page.waitForFunction((wanted) => document.activeElement?.getAttribute('aria-label') === wanted, label);
}

function focused(person) {
  return person.page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? '');
}
