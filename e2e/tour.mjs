// Walks every screen with people, rooms and messages in it, and keeps a numbered picture of each:
//   node e2e/tour.mjs [-to folder] [-only part of a screen's name] [-readme]
// -readme takes docs/parley.png anew instead.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { launchBrowser } from './lib/browser.mjs';
import { Person } from './lib/person.mjs';
import { drawing } from './lib/picture.mjs';
import { goTo, screens, screensAt } from './lib/screens.mjs';
import { Server } from './lib/server.mjs';
import { texts } from './lib/texts.mjs';
import { Town } from './lib/town.mjs';

const DEVICES = {
  desktop: { viewport: { width: 1280, height: 800 } },
  tablet: { viewport: { width: 768, height: 1024 } },
  phone: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
};
/** What is also pictured in Arabic. */
const MIRRORED = ['sign-in', 'list', 'room', 'private', 'details-people', 'settings', 'wire'];

const { values } = parseArgs({
  args: process.argv.slice(2).map((arg) => arg.replace(/^-(?=\w{2})/, '--')),
  options: {
    to: { type: 'string', default: join(import.meta.dirname, 'artifacts/tour') },
    only: { type: 'string', default: '' },
    readme: { type: 'boolean', default: false },
  },
});
const folder = resolve(values.to);
const server = await Server.start();
const browser = await launchBrowser();
const said = await texts('en', 'ar');
const town = await Town.found(server.url, await drawing(browser));
const state = await signedIn();
const failed = [];

try {
  if (values.readme) await portrait();
  else await tour();
} finally {
  town.leave();
  await browser.close();
  await server.remove();
}
if (failed.length > 0) {
  console.error(`${failed.length} screens could not be reached:\n${failed.join('\n')}`);
  process.exitCode = 1;
}

async function tour() {
  mkdirSync(folder, { recursive: true });
  for (const [device, options] of Object.entries(DEVICES)) {
    for (const scheme of ['light', 'dark']) await walk(device, options, scheme, 'en');
    await walk(device, options, 'light', 'ar');
  }
  console.log(folder);
}

async function walk(device, options, colorScheme, language) {
  const settings = { ...options, colorScheme, locale: language === 'en' ? 'en-GB' : language };
  const ann = await Person.arrive(browser, server, 'Ann', { ...settings, storageState: state });
  const zoe = await Person.arrive(browser, server, 'Zoe', settings);
  const wanted = screensAt(options.viewport.width)
    .filter(({ name }) => name.includes(values.only))
    .filter(({ name }) => language === 'en' || MIRRORED.includes(name));
  for (const screen of wanted) {
    const { page } = screen.at === 'outside' ? zoe : ann;
    const visit = { page, town, t: said[language] };
    const number = String(screens.indexOf(screen) + 1).padStart(2, '0');
    const name = [number, screen.name, device, colorScheme, ...(language === 'en' ? [] : [language])].join('-');
    try {
      await goTo(screen, visit);
      await still(page);
      await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
    } catch (error) {
      failed.push(`${name}: ${error.message.split('\n').slice(0, 3).join(' ')}`);
    }
    await screen.back?.(visit);
  }
  for (const person of [ann, zoe]) {
    failed.push(...person.faults);
    await person.leave();
  }
}

/** The picture of the README: a room with its details. */
async function portrait() {
  const options = { viewport: { width: 1280, height: 760 }, colorScheme: 'light', storageState: state };
  const ann = await Person.arrive(browser, server, 'Ann', options);
  const screen = screens.find(({ name }) => name === 'details-people');
  await goTo(screen, { page: ann.page, town, t: said.en });
  const latest = ann.page.getByRole('button', { name: said.en.feed.jump });
  if (await latest.isVisible()) await latest.click();
  await still(ann.page);
  const path = resolve(import.meta.dirname, '../docs/parley.png');
  await ann.page.screenshot({ path, animations: 'disabled' });
  console.log(path);
}

/** Pictures are loaded, fonts are there. */
async function still(page) {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
    await new Promise(requestAnimationFrame);
  });
}

async function signedIn() {
  const ann = await Person.arrive(browser, server, 'Ann');
  await ann.signIn();
  const kept = await ann.context.storageState();
  await ann.leave();
  return kept;
}
