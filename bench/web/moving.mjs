import { percentile, reads, until } from './page.mjs';

const TIMES = 10;

/** Goes from conversation to conversation, the first time over the network, and opens the switcher. */
export async function moving(scene) {
  const reader = await reads(scene);
  const { archive } = scene;
  const network = [];
  for (const room of archive.small) network.push(await switches(reader, room));
  const cached = [];
  for (const room of archive.small) cached.push(await switches(reader, room));
  const long = [];
  for (let n = 0; n < 3; n++) {
    long.push(await switches(reader, archive.room));
    await switches(reader, archive.small[n]);
  }
  const opened = [];
  for (let n = 0; n < TIMES; n++) opened.push(await opensSwitcher(reader.page));
  await reader.leave();
  return {
    'switch-network': percentile(network, 0.5),
    'switch-cached': percentile([...cached, ...long], 0.5),
    switcher: percentile(opened, 0.5),
  };
}

/** From the click on a conversation to the frame that has its messages. */
async function switches(reader, room) {
  const target = reader.link(room.name);
  await target.waitFor();
  const act = () => target.evaluate((one) => one.click());
  return until(reader.page, { type: 'click', act, wanted: isShown, argument: room.name });
}

/** From Ctrl+K to the frame that has the dialog. */
async function opensSwitcher(page) {
  const act = () => page.keyboard.press('Control+k');
  // The first key down is Ctrl's own, in the same moment.
  const ms = await until(page, { type: 'keydown', act, wanted: isOpen });
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  return ms;
}

/** In the page. */
function isShown(name) {
  const title = document.querySelector('main h1')?.textContent.trim();
  return title === name && document.querySelector('.feed article') !== null;
}

/** In the page. */
function isOpen() {
  return document.querySelector('dialog[open] input')?.checkVisibility() ?? false;
}
