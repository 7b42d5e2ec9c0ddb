// What a screen reader is told without being asked (list item 3 of docs/accessibility.md).
import assert from 'node:assert/strict';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';

const scene = stage();
let ann;
let bob;
let cable;

step('two people talk, and what is announced to one of them is written down', async () => {
  cable = await scene.cable();
  bob = await scene.joins('Bob');
  ann = await scene.joins('Ann', {}, cable);
  await ann.createRoom('Design', { members: ['Bob'] });
  await ann.link('Everyone').click();
  await bob.open('Everyone');
  await ann.page.evaluate(() => {
    window.said = [];
    for (const region of document.querySelectorAll('[data-live]')) {
      const note = () => region.textContent && window.said.push([region.dataset.live, region.textContent.trim()]);
      new MutationObserver(note).observe(region, { childList: true, characterData: true, subtree: true });
    }
  });
});

step('a new message is said once, politely, with its author', async () => {
  await bob.send('hear, hear', 'Send to everyone');
  await heard('Bob: hear, hear');
  assert.deepEqual(await said(), [['polite', 'Bob: hear, hear']]);
});

step('a long one is cut at 120 characters', async () => {
  await bob.send('word '.repeat(60).trim(), 'Send to everyone');
  await heard('Bob: word');
  const [[, text]] = await said();
  assert.ok(text.length <= 120, `${text.length} characters`);
  assert.match(text, /…$/);
});

step('one’s own messages and typing are never said', async () => {
  await ann.send('from Ann herself', 'Send to everyone');
  await ann.sent('from Ann herself');
  const typing = ann.page.getByText('Bob is typing…');
  while (!(await typing.isVisible())) await bob.box.press('a'); // it is told once in three seconds
  await bob.send('thinking about an answer', 'Send to everyone');
  await heard('Bob: thinking about an answer');
  assert.deepEqual(await said(), [['polite', 'Bob: thinking about an answer']]);
});

step('a burst is summed', async () => {
  await bob.open('Design');
  for (let n = 1; n <= 6; n++) {
    await bob.box.fill(`burst ${n}`);
    await bob.page.keyboard.press('Enter');
  }
  await bob.sent('burst 6');
  const count = (text) =>
    Number(/^(\d+) new messages in Design$/.exec(text)?.[1] ?? (text.startsWith('Bob in Design: ') ? 1 : 0));
  let all = [];
  while (all.reduce((sum, [, text]) => sum + count(text), 0) < 6) all = all.concat(await said());
  assert.equal(
    all.reduce((sum, [, text]) => sum + count(text), 0),
    6,
  );
  assert.ok(all.length < 6, JSON.stringify(all));
});

step('the list of messages itself is no live region', async () => {
  const live = await ann.page.evaluate(() => document.querySelector('[role=feed]').closest('[aria-live]') !== null);
  assert.equal(live, false);
  assert.equal(
    await ann.page.locator('[role=feed] [aria-live], [role=feed] [role=status], [role=feed] [role=alert]').count(),
    0,
  );
});

step('what failed is said at once', async () => {
  await ann.open('Design');
  const phone = await scene.arrives('Ann');
  await phone.signIn();
  await cable.unplug();
  await ann.send('too late', 'Send to everyone in Design');
  await phone.open('Design');
  await phone.button('Details').click();
  await phone.button('Archive room').click();
  await phone.page.getByRole('alertdialog').getByRole('button', { name: 'Archive' }).click();
  await phone.page.getByText('The room is read-only.').first().waitFor();
  await cable.plug();
  await ann.message('too late').getByRole('img', { name: 'Failed' }).waitFor({ timeout: 30_000 });
  await ann.page.waitForFunction(() =>
    window.said.some(([how, text]) => how === 'assertive' && text.startsWith('Not sent.')),
  );
});

step('it can be turned off, and on again', async () => {
  await ann.open('Everyone');
  await bob.open('Everyone');
  await speaks('Nothing');
  await said();
  await bob.send('unheard', 'Send to everyone');
  await ann.sees('unheard');
  await speaks('Every message');
  await bob.send('heard again', 'Send to everyone');
  await heard('Bob: heard again');
  assert.deepEqual(await said(), [['polite', 'Bob: heard again']]);
});

async function speaks(what) {
  await ann.page.getByRole('button', { name: 'Ann online' }).click();
  await ann.button('Settings').click();
  await ann.page.getByLabel('Read aloud to screen readers').selectOption(what);
  await ann.page.keyboard.press('Escape');
  await ann.page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** Waits until something that begins so has been announced. */
async function heard(beginning) {
  await ann.page.waitForFunction((text) => window.said.some(([, what]) => what.startsWith(text)), beginning);
}

/** What was announced since the last time. */
function said() {
  return ann.page.evaluate(() => window.said.splice(0));
}
