import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { launchBrowser } from './lib/browser.mjs';
import { Server } from './lib/server.mjs';
import { step } from './lib/step.mjs';

const PAGE = join(import.meta.dirname, '../examples/simple/index.html');

let site;
let server;
let browser;

before(async () => {
  site = createServer(async (_, response) => {
    const page = await readFile(PAGE, 'utf8');
    response.setHeader('Content-Type', 'text/html').end(page.replaceAll('http://localhost:3000', server.url));
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
  server = await Server.start('--origin', origin());
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  site.close();
  await server?.remove();
});

step('people who use the simple page write to everyone and to one person', async () => {
  const [ann, bob, chen] = await Promise.all(['ann', 'bob', 'chen'].map(signIn));
  await send(ann, 'Good morning');
  await Promise.all([ann, bob, chen].map((page) => page.getByText('ann: Good morning').waitFor()));

  await send(bob, 'only for you', 'ann');
  await send(bob, 'for all');
  await ann.locator('li.private', { hasText: 'bob: only for you' }).waitFor();
  await chen.getByText('bob: for all').waitFor();
  assert.equal(await chen.getByText('only for you').count(), 0);
});

step('the simple page pops up that the password is wrong', async () => {
  const page = await open();
  const popUp = page.waitForEvent('dialog');
  await fillIn(page, 'ann', 'not her password');
  const dialog = await popUp;
  assert.equal(dialog.message(), 'Incorrect username or password');
  await dialog.dismiss();
});

function origin() {
  return `http://127.0.0.1:${site.address().port}`;
}

async function open() {
  const page = await (await browser.newContext()).newPage();
  await page.goto(origin());
  return page;
}

async function signIn(name) {
  const page = await open();
  await fillIn(page, name, 'correct horse battery');
  // Until then it is in no room, and hears nothing.
  await page.waitForFunction(() => !document.getElementById('send').hidden);
  return page;
}

async function fillIn(page, name, password) {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function send(page, body, to = '') {
  await page.getByRole('textbox', { name: 'To' }).fill(to);
  await page.getByRole('textbox', { name: 'Message' }).fill(body);
  await page.getByRole('button', { name: 'Send' }).click();
}
