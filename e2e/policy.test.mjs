import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stage } from './lib/stage.mjs';

const scene = stage();

test('the policy allows nothing inline and nothing from elsewhere', async () => {
  const policy = (await fetch(scene.server.url)).headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /script-src 'self'(;|$)/);
  assert.match(policy, /style-src 'self'(;|$)/);
  assert.match(policy, /require-trusted-types-for 'script'/);
  assert.doesNotMatch(policy, /unsafe/);
});

test('the styles stand in the order of their layers, whichever file comes first', async () => {
  const answer = await fetch(scene.server.url);
  const sheets = [...(await answer.text()).matchAll(/href="([^"]+\.css)"/g)];
  assert.ok(sheets.length > 0);
  for (const [, path] of sheets) {
    assert.match(await (await fetch(scene.server.url + path)).text(), /^@layer [\w, ]+;/, path);
  }
  const guest = await scene.arrives('Guest');
  const paint = await guest.button('Sign in').evaluate((button) => getComputedStyle(button).backgroundColor);
  assert.equal(paint, 'rgb(20, 89, 199)');
});

test('text that looks like a page stays text', async () => {
  const ann = await scene.joins('Ann');
  const bob = await scene.joins('Bob');
  const nasty = '<img src=x onerror="document.title=1"><script>document.title=2</script><b>bold</b>';
  await ann.send(nasty, 'Send to everyone');
  await bob.sees(nasty);
  assert.equal(await bob.page.locator('article img, article script, article b').count(), 0);
});

test('the watch for violations sees one', async () => {
  const watcher = await scene.arrives('Mallory');
  await watcher.page.evaluate(() => {
    const style = document.createElement('style');
    style.textContent = 'body { color: red }';
    document.head.append(style);
  });
  await watcher.page.waitForFunction(() => document.querySelector('style'));
  await watcher.violated();
  assert.match(watcher.faults.splice(0).join(), /policy violation: style-src-elem/);
});

test('a page of another site cannot use the session', async () => {
  const answer = await fetch(`${scene.server.url}/api/v1/login`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: 'https://evil.example',
      'sec-fetch-site': 'cross-site',
    },
    body: JSON.stringify({ name: 'Eve', password: 'correct horse battery' }),
  });
  assert.equal(answer.status, 403);
});
