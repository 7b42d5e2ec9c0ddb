import { Person, PASSWORD } from '../../e2e/lib/person.mjs';
import { Line } from './line.mjs';

const SLOWDOWN = 4;

/** Arrives over a slow line with a slow processor: with nothing in the cache, and again. */
export async function arriving({ browser, server, archive }) {
  const line = await Line.to(server.url);
  const reader = await Person.arrive(browser, line, archive.reader, { viewport: { width: 1280, height: 800 } });
  await reader.page.close();
  await reader.context.addInitScript(watch);

  const path = `/room/${archive.room.id}`;
  const usable = await visit(reader, path, 'form');
  const messages = await signsIn(reader);
  await reader.keepsPage();
  await reader.onDisk(archive.room.id);
  await reader.page.close();
  const again = await visit(reader, path, 'messages');
  await reader.leave();
  await line.close();
  return { 'cold-usable': usable, 'cold-messages': messages, repeat: again };
}

/** From the start of a navigation in a fresh tab to the frame that has what was wanted, in seconds. */
async function visit(reader, path, wanted) {
  reader.page = await reader.context.newPage();
  const session = await reader.context.newCDPSession(reader.page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
  await reader.page.goto(path, { waitUntil: 'commit' });
  return (await seen(reader.page, wanted)) / 1000;
}

/** From the press on the button to the frame that has messages, in seconds. */
async function signsIn(reader) {
  const { page } = reader;
  await page.getByLabel('Name', { exact: true }).fill(reader.name);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await reader.button('Sign in').click();
  const [to, from] = [await seen(page, 'messages'), await seen(page, 'submitted')];
  return (to - from) / 1000;
}

async function seen(page, what) {
  const handle = await page.waitForFunction((name) => window.seenAt?.[name], what, { polling: 100, timeout: 60_000 });
  return handle.jsonValue();
}

/** In the page, from its start: when the frame was painted that first had each of these. */
function watch() {
  const wanted = { form: 'form input[type=password]', messages: '.feed article' };
  window.seenAt = {};
  addEventListener('submit', (event) => (window.seenAt.submitted ??= event.timeStamp), { capture: true });
  const look = () => {
    const { port1, port2 } = new MessageChannel();
    const found = Object.keys(wanted).filter((name) => document.querySelector(wanted[name]));
    port1.addEventListener('message', () => {
      for (const name of found) window.seenAt[name] ??= performance.now();
    });
    port1.start();
    port2.postMessage(undefined);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
