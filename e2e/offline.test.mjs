import assert from 'node:assert/strict';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';

const scene = stage();
const written = ['first, in the tunnel', 'second, still in the tunnel', 'third, light ahead'];

step('three messages written offline arrive once, in order, after a reload and a server restart', async () => {
  const ann = await scene.joins('Ann');
  const bob = await scene.joins('Bob');
  await ann.send('before the tunnel', 'Send to everyone');
  await bob.sees('before the tunnel');

  await scene.server.kill();
  for (const text of written) {
    await ann.send(text, 'Send to everyone');
    await ann
      .message(text)
      .getByRole('img', { name: /^(Sending|Waiting)/ })
      .waitFor();
  }
  await ann.page.close(); // as a crash of the tab would: nothing is sent on the way out
  await scene.server.start();
  await ann.openPage();

  await ann.sees('before the tunnel');
  for (const text of written) await ann.sent(text);
  await bob.sees('third, light ahead');
  const all = ['before the tunnel', ...written];
  assert.deepEqual(await ann.texts(), all);
  assert.deepEqual(await bob.texts(), all);

  await bob.page.reload();
  await bob.sees('third, light ahead');
  assert.deepEqual(await bob.texts(), all);
});

step('the page opens without a server, shows what was there, and takes words that survive another reload', async () => {
  const eve = await scene.joins('Eve');
  await eve.sees('third, light ahead');
  await eve.keepsPage();
  await eve.onDisk('third, light ahead');
  await scene.server.kill();

  await eve.page.reload();
  await eve.sees('third, light ahead');
  const kept = ['one from the cellar', 'two from the cellar', 'three from the cellar'];
  for (const text of kept) {
    await eve.send(text, 'Send to everyone');
    await eve.onDisk(text);
  }
  await eve.page.reload();
  for (const text of kept) await eve.sees(text);

  await scene.server.start();
  for (const text of kept) await eve.sent(text);
  const everything = await eve.texts();
  assert.deepEqual(everything.slice(-3), kept);
  await eve.page.reload();
  await eve.sees('three from the cellar');
  assert.deepEqual(await eve.texts(), everything);
});

step('the service worker keeps files of the build and nothing of the API', async () => {
  const ann = await scene.arrives('Ann');
  await ann.signIn();
  await ann.keepsPage();
  const kept = await ann.page.evaluate(async () => {
    const opened = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    const requests = (await Promise.all(opened.map((cache) => cache.keys()))).flat();
    return requests.map((request) => new URL(request.url).pathname);
  });
  assert.ok(kept.includes('/') && kept.some((path) => path.endsWith('.js')), kept.join());
  assert.deepEqual(
    kept.filter((path) => path !== '/' && !path.startsWith('/assets/')),
    [],
  );
});

step('the page can be installed', async () => {
  const page = await (await fetch(scene.server.url)).text();
  const link = /rel="manifest" href="([^"]+)"/.exec(page)?.[1] ?? assert.fail('no manifest');
  const answer = await fetch(scene.server.url + link);
  assert.match(answer.headers.get('content-type') ?? '', /manifest\+json/);
  for (const { src, sizes } of (await answer.json()).icons) {
    const icon = Buffer.from(await (await fetch(scene.server.url + src)).arrayBuffer());
    assert.equal(`${icon.readUInt32BE(16)}x${icon.readUInt32BE(20)}`, sizes);
  }
});

step('offline is said, with how much waits', async () => {
  const chen = await scene.joins('Chen');
  await chen.page.getByRole('link', { name: /^Everyone/ }).click();
  await chen.context.setOffline(true);
  await chen.page.evaluate(() => dispatchEvent(new Event('offline')));
  await scene.server.kill();
  await chen.send('from the lift', 'Send to everyone');
  await chen.page.getByText('You are offline. 1 message is waiting.').waitFor();
  await scene.server.start();
  await chen.context.setOffline(false);
  await chen.sent('from the lift');
});

step('a draft is on the device, and comes back after a reload', async () => {
  const dee = await scene.joins('Dee');
  await dee.choose('Bob');
  await dee.box.fill('half a thou');
  await dee.box.pressSequentially('ght');
  await dee.link('Ann').click();
  await dee.page.getByRole('heading', { name: 'Ann', level: 1 }).waitFor();
  await dee.page.getByRole('link', { name: /^Everyone.*draft/ }).waitFor();
  await dee.onDisk('half a thought');
  await dee.page.reload();
  await dee.open('Everyone');
  await dee.page.getByRole('button', { name: /^To: Bob/ }).waitFor();
  assert.equal(await dee.box.inputValue(), 'half a thought');
});
