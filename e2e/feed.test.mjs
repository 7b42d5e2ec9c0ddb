// The list of messages as a screen reader meets it (list item 2 of docs/accessibility.md).
import assert from 'node:assert/strict';
import { crowd } from './lib/crowd.mjs';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';

const MESSAGES = 250;

const scene = stage();
let ann;

step('a room has more messages than one page brings', async () => {
  const bob = await scene.joins('Bob');
  await crowd(scene.server.url, MESSAGES);
  ann = await scene.joins('Ann');
  await ann.open('Bob');
  await bob.open('Ann');
  await bob.send('between us', 'Send to Ann');
  await ann.sees('between us');
});

step('in a direct conversation the label of a message says that it is private', async () => {
  const label = await ann.message('between us').getAttribute('aria-label');
  assert.match(label, /^Bob, \d\d:\d\d, private to you$/);
  await ann.send('and back', 'Send to Bob');
  await ann.sent('and back');
  assert.match(await ann.message('and back').getAttribute('aria-label'), /^You, \d\d:\d\d, private to Bob$/);
});

step('the messages are a feed of articles that are labelled, numbered and of unknown number', async () => {
  await ann.open('Everyone');
  await ann.sees(`message ${MESSAGES}`);
  const articles = await feed();
  assert.ok(articles.length > 5);
  for (const { label, setsize } of articles) {
    assert.match(label, /^\w+, \d\d:\d\d$/);
    assert.equal(setsize, '-1');
  }
  articles.reduce((before, { position }) => {
    assert.equal(position, before + 1);
    return position;
  }, articles[0].position - 1);
});

step('it is one tab stop, from which Tab leads out', async () => {
  assert.equal(await ann.page.locator('[role=feed] [tabindex="0"]').count(), 1);
  await ann.page.getByRole('article').last().focus();
  await ann.page.keyboard.press('Tab');
  while (await inFeed()) await ann.page.keyboard.press('Tab'); // what belongs to that one message
  await ann.page.keyboard.press('Shift+Tab');
  assert.equal(await inFeed(), true);
  assert.equal(await ann.page.locator('[role=feed] article[tabindex="0"]').count(), 1);
});

step('it says that it is busy while older messages come, and the focus stays where it was', async () => {
  await ann.page.evaluate(() => {
    window.wasBusy = false;
    const list = document.querySelector('[role=feed]');
    const note = () => (window.wasBusy ||= list.getAttribute('aria-busy') === 'true');
    new MutationObserver(note).observe(list, { attributes: true, attributeFilter: ['aria-busy'] });
  });
  await ann.page.getByRole('article').last().focus();
  await ann.page.keyboard.press('Home');
  await ann.page.waitForFunction(() => window.wasBusy);
  await ann.page.locator('[role=feed][aria-busy=false]').waitFor();
  const focused = await ann.page.evaluate(() => document.activeElement.innerText);
  await ann.page.keyboard.press('ArrowUp');
  const above = await ann.page.evaluate(() => document.activeElement.innerText);
  assert.equal(number(above), number(focused) - 1);
});

function feed() {
  return ann.page.getByRole('article').evaluateAll((articles) =>
    articles.map((article) => ({
      label: article.getAttribute('aria-label'),
      position: Number(article.getAttribute('aria-posinset')),
      setsize: article.getAttribute('aria-setsize'),
    })),
  );
}

function inFeed() {
  return ann.page.evaluate(() => document.activeElement.closest('[role=feed]') !== null);
}

function number(text) {
  return Number(/message (\d+)/.exec(text)[1]);
}
