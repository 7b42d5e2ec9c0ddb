import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { crowd } from './lib/crowd.mjs';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';

const COUNT = 250;
const MOST_ROWS = 80;

const scene = stage();
let ann;
let bob;

step('many people have written, some of it the day before', async () => {
  ann = await scene.joins('Ann');
  await ann.leave();
  await crowd(scene.server.url, COUNT);
  await yesterday(100);
});

step('a conversation opens at its first unread message, under a divider that counts', async () => {
  ann = await scene.arrives('Ann');
  await ann.signIn();
  await ann.page.getByText('New · 250 messages').waitFor();
  const first = ann.message('message 1');
  await first.waitFor();
  assert.ok(await onScreen(ann, first));
  await ann.page.getByRole('button', { name: /new since .* · Jump to latest$/ }).waitFor();
});

step('jumping to the latest shows the end, and marks nothing in between as read', async () => {
  await ann.page.getByRole('button', { name: /Jump to latest$/ }).click();
  const last = ann.message(`message ${COUNT}`);
  await last.waitFor();
  await ann.page.waitForFunction(() => {
    const list = document.querySelector('.scroller');
    return list.scrollHeight - list.clientHeight - list.scrollTop < 2;
  });
  await ann.page.getByRole('button', { name: /Jump to latest$/ }).waitFor({ state: 'detached' });
});

step('older pages come in by scrolling up, and what is read does not move by a pixel', async () => {
  bob = await scene.joins('Bob');
  await bob.sees(`message ${COUNT}`);
  let pages = 0;
  for (let atStart = false; !atStart;) {
    const { drift, rows, top } = await bob.page.evaluate(scrollUpAndWatch);
    atStart = top === 0 && (await bob.page.getByText('This is the start of Everyone.').isVisible());
    assert.equal(drift, 0, `what was read moved by ${drift} px`);
    assert.ok(rows <= MOST_ROWS, `${rows} rows are in the page`);
    assert.ok(++pages < 200, 'the start of the room was not reached');
  }
  await bob.sees('message 1');
  assert.ok(pages > COUNT / 50);
});

step('wherever the scroll bar is let go, there are messages', async () => {
  const bare = await bob.page.evaluate(dragAbout);
  assert.deepEqual(bare, []);
});

step('the focus stays among the messages when Home brings older ones', async () => {
  const dee = await scene.joins('Dee');
  await dee.sees(`message ${COUNT}`);
  await dee.page.locator('article[tabindex="0"]').focus();
  await dee.page.keyboard.press('Home');
  await dee.page.waitForFunction(() => Number(document.activeElement.getAttribute('aria-posinset')) > 1);
  await dee.page.locator('.scroller').evaluate((list) => (list.scrollTop = list.scrollHeight));
  await dee.page.waitForFunction(() => document.activeElement.getAttribute('role') === 'feed');
  await dee.page.keyboard.press('ArrowUp');
  await dee.page.waitForFunction(() => document.activeElement.matches('article'));
});

step('days are apart, and a run of messages of one person has one heading', async () => {
  const days = await bob.page.locator('.date').allInnerTexts();
  assert.ok(days.length > 0);
  const names = bob.page.locator('article .author').filter({ hasText: 'crowda' });
  assert.equal(await names.count(), 1);
  while (!(await bob.page.locator('.date').nth(1).isVisible())) {
    await bob.page.locator('.scroller').evaluate((list) => list.scrollBy(0, 400));
    await bob.page.evaluate(() => new Promise(requestAnimationFrame));
  }
  const [older, newer] = await bob.page.locator('.date').allInnerTexts();
  assert.notEqual(older, newer);
});

step('while one reads above, the view stays and a pill counts what is new', async () => {
  const list = bob.page.locator('.scroller');
  const before = await list.evaluate((element) => element.scrollTop);
  await ann.send('news from below', 'Send to everyone');
  await bob.page.getByRole('button', { name: '1 new message', exact: true }).waitFor();
  assert.equal(await list.evaluate((element) => element.scrollTop), before);
  await bob.page.getByRole('button', { name: '1 new message', exact: true }).click();
  await bob.sees('news from below');
});

step('unread is counted in the sidebar and in the title, and gone after reading', async () => {
  await ann.open('Bob');
  await bob.choose('Ann');
  await ann.link('Everyone').click();
  await ann.page.getByRole('heading', { name: 'Everyone', level: 1 }).waitFor();
  await bob.send('one', 'Send to Ann');
  await bob.send('two', 'Send to Ann');
  await ann.page.getByRole('link', { name: /^Bob.*, 2 unread messages$/ }).waitFor();
  await ann.page.waitForFunction(() => document.title.startsWith('(2)'));
  await ann.open('Bob');
  await ann.page.getByText('New · 2 messages').waitFor();
  await ann.page.getByRole('link', { name: /^Bob, online$/ }).waitFor();
});

/** Moves the oldest messages to the day before, in the database, as time would have. */
async function yesterday(count) {
  await scene.server.stop();
  const script = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
changed = db.execute('UPDATE messages SET created_at = created_at - 86400000 WHERE seq <= ?', (sys.argv[2],)).rowcount
db.commit()
assert changed == int(sys.argv[2]), changed`;
  execFileSync('python3', ['-c', script, join(scene.server.data, 'parley.db'), String(count)]);
  await scene.server.start();
}

async function onScreen(person, locator) {
  const box = await locator.boundingBox();
  const { width, height } = person.page.viewportSize();
  return box !== null && box.y >= 0 && box.y + box.height <= height && box.x + box.width <= width;
}

/**
 * In the page: scrolls up by some screens, and then watches the rows on screen until a page of older ones has come, or
 * for half a second. Answers how far any of them moved.
 */
async function scrollUpAndWatch() {
  const frame = () => new Promise(requestAnimationFrame);
  const list = document.querySelector('.scroller');
  list.scrollTop = Math.max(0, list.scrollTop - list.clientHeight);
  await frame();
  await frame();
  const edge = list.getBoundingClientRect();
  const seen = [...document.querySelectorAll('article')]
    .map((row) => ({
      row,
      body: row.querySelector('.body'),
      seq: row.dataset.seq,
    }))
    .filter(
      ({ body }) => body.getBoundingClientRect().top >= edge.top && body.getBoundingClientRect().bottom <= edge.bottom,
    )
    .map((one) => ({ ...one, top: one.body.getBoundingClientRect().top }));
  const first = document.querySelector('article').getAttribute('aria-posinset');
  let drift = 0;
  let settledFrames = 0;
  for (let frames = 0; frames < 30 && settledFrames < 8; frames++) {
    await frame();
    for (const { seq, top } of seen) {
      const body = document.querySelector(`article[data-seq="${seq}"] .body`);
      if (body) drift = Math.max(drift, Math.abs(body.getBoundingClientRect().top - top));
    }
    if (document.querySelector('article').getAttribute('aria-posinset') !== first) settledFrames++;
  }
  return {
    drift,
    rows: document.querySelectorAll('article').length,
    top: list.scrollTop,
  };
}

/** In the page: lets the scroll bar go at many places. Answers those at which the list was bare. */
async function dragAbout() {
  const frame = () => new Promise(requestAnimationFrame);
  const list = document.querySelector('.scroller');
  const view = list.getBoundingClientRect();
  const inView = (row) => row.bottom > view.top && row.top < view.bottom;
  const height = (row) => Math.min(row.bottom, view.bottom) - Math.max(row.top, view.top);
  const bare = [];
  for (const place of [0.5, 0.1, 0.9, 0.3, 0.7, 1, 0.2]) {
    list.scrollTop = place * (list.scrollHeight - list.clientHeight);
    await frame();
    await frame();
    const rows = [...document.querySelectorAll('article')].map((row) => row.getBoundingClientRect()).filter(inView);
    if (rows.reduce((sum, row) => sum + height(row), 0) < view.height * 0.8) bare.push(place);
  }
  list.scrollTop = 0;
  await frame();
  return bare;
}
