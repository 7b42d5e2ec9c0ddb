import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fromWeb } from './packages.mjs';

const { chromium } = fromWeb('playwright-core');

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];

/** The machine's own Chromium or Chrome: $CHROMIUM, or the first that is found on the path. `flags` are its own. */
export async function launchBrowser(...flags) {
  const asRoot = process.getuid?.() === 0;
  const args = [...QUIET, ...flags];
  return chromium.launch({ executablePath: find(), args: asRoot ? [...args, '--no-sandbox'] : args });
}

function find() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(runs);
  if (!found) throw new Error('No browser. Install Chromium, or name one in $CHROMIUM.');
  return found;
}

function runs(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
