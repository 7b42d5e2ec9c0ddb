import { PASSWORD } from './person.mjs';
import { button, me, named, onFirstMessage, onLastMessage, signIn, withKeys } from './ways.mjs';

const TEXT_FILE = { name: 'notes-for-friday.txt', mimeType: 'text/plain', buffer: Buffer.from('What is left to do.') };
// The smallest picture there is: one transparent point.
const PICTURE = {
  name: 'a picture with a rather long name.png',
  mimeType: 'image/png',
  buffer: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
};

/** What comes and goes: failures, banners, notices, files on their way; and the page as some people have it. */
export const passing = [
  {
    name: 'upload-chips',
    at: 'Design',
    go: async ({ page, t }) => {
      await page.locator('input[type=file]').setInputFiles([PICTURE, TEXT_FILE]);
      await named(page, 'button', t.files.remove(TEXT_FILE.name)).waitFor();
    },
  },
  {
    // She has blocked Ann, so the server refuses what is written to her.
    name: 'failed',
    at: '@Maximiliane',
    go: async (visit) => {
      await visit.page.getByRole('textbox', { name: visit.t.composer.message, exact: true }).fill('Are you there?');
      await visit.page.keyboard.press('Enter');
      await button(visit, visit.t.failed.retry).waitFor();
    },
    back: (visit) => button(visit, visit.t.failed.discard).click(),
  },
  {
    name: 'undo',
    at: 'Everyone',
    go: async (visit) => {
      const { page, t } = visit;
      await onFirstMessage(visit, 'Delete');
      await named(page.getByRole('alertdialog'), 'button', t.message.remove).click();
      // While the focus is on it, it stays.
      await button(visit, t.message.undo).focus();
    },
    back: (visit) => button(visit, visit.t.message.undo).click(),
  },
  {
    name: 'toast',
    at: 'Design',
    go: async (visit) => {
      await refusedPin(visit);
      await visit.page.locator('.toast').hover();
    },
    back: online,
  },
  {
    name: 'notices',
    at: 'Design',
    go: async (visit) => {
      await refusedPin(visit);
      await online(visit);
      await withKeys(visit, 'Control+k');
      await visit.page.getByRole('combobox').fill(visit.t.menu.notices);
      await visit.page.keyboard.press('Enter');
      await visit.page.getByRole('dialog', { name: visit.t.menu.notices }).waitFor();
    },
  },
  {
    name: 'offline',
    at: 'Design',
    go: offline,
    back: online,
  },
  {
    name: 'session-ended',
    at: 'outside',
    go: async (visit) => {
      const { page } = visit;
      await signIn(visit, 'Elif', PASSWORD);
      await me(visit).waitFor({ state: 'attached' });
      await page.evaluate(() =>
        fetch('/api/v1/logout', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }),
      );
      await page.getByRole('alertdialog').waitFor();
    },
  },
  {
    name: 'more-contrast',
    at: 'Design',
    go: ({ page }) => page.emulateMedia({ contrast: 'more' }),
    back: ({ page }) => page.emulateMedia({ contrast: null }),
  },
  {
    name: 'forced-colours',
    at: 'Design',
    go: ({ page }) => page.emulateMedia({ forcedColors: 'active' }),
    back: ({ page }) => page.emulateMedia({ forcedColors: null }),
  },
];

async function offline({ page }) {
  await page.context().setOffline(true);
  await page.evaluate(() => dispatchEvent(new Event('offline')));
  await page.locator('.connection-banner').waitFor();
}

function online({ page }) {
  return page.context().setOffline(false);
}

/** What cannot be done without a connection is said in a toast. */
async function refusedPin(visit) {
  const { page, t } = visit;
  await offline(visit);
  await onLastMessage(visit, 'Enter');
  await page.getByRole('menuitem', { name: t.message.actions.pin }).click();
  await page.locator('.toast').waitFor();
}
