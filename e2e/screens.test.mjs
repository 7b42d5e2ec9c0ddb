import assert from 'node:assert/strict';
import { violations } from './lib/axe.mjs';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';

const WIDTHS = [320, 360, 768, 1280];
const PICTURED = [360, 1280];
const SCHEMES = ['light', 'dark'];

const scene = stage();
let ann;
let stranger;

/** Every screen of the client: how to get there from the conversation with everyone, or from the sign-in. */
const outside = {
  'sign-in': async () => undefined,
  'sign-in-wrong': async (page) => {
    await fill(page, 'Ann', 'not her password');
    await page.getByRole('alertdialog').waitFor();
  },
  'sign-in-new': async (page) => {
    await fill(page, 'Zoe', 'correct horse battery');
    await page.getByRole('button', { name: 'Create account' }).waitFor();
  },
};
const inside = {
  everyone: async () => undefined,
  private: async (page) => {
    await page.getByRole('button', { name: /^To: / }).click();
    await page.getByRole('option', { name: /^Bob/ }).click();
    await page.getByRole('textbox', { name: 'Message' }).fill('on it');
  },
  audience: (page) => page.getByRole('button', { name: /^To: / }).click(),
  details: (page) => page.getByRole('button', { name: 'Details' }).click(),
  direct: async (page, person) => {
    await page.goto(`/direct/${person.bob}`);
    await page.getByRole('article').first().waitFor();
  },
  missing: async (page) => {
    await page.goto('/room/404');
    await page.getByText('This room does not exist or is private.').waitFor();
  },
};
const fromList = {
  list: async () => undefined,
  'create-room': (page) => page.getByRole('button', { name: 'Create a room' }).click(),
  'browse-rooms': (page) => page.getByRole('button', { name: 'Browse rooms' }).click(),
  menu: (page) => page.getByRole('button', { name: 'Ann online' }).click(),
  keys: async (page) => {
    await page.getByRole('button', { name: 'Ann online' }).click();
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
  },
};

step('people have written to each other', async () => {
  ann = await scene.joins('Ann');
  const bob = await scene.joins('Bob');
  for (const text of ['Morning! The new header is in.', 'Can you check 320 px?']) {
    await ann.send(text, 'Send to everyone');
    await ann.sent(text);
  }
  await bob.send('Looks great, see https://example.org/header', 'Send to everyone');
  await bob.choose('Ann');
  await bob.send('on it', 'Send to Ann');
  await ann.link('Bob').click();
  await ann.page.getByRole('heading', { name: 'Bob', level: 1 }).waitFor();
  ann.bob = new URL(ann.page.url()).pathname.split('/').at(-1);
  stranger = await scene.arrives('Zoe');
});

for (const scheme of SCHEMES) {
  for (const width of WIDTHS) {
    step(`nothing is inaccessible on any screen, ${scheme} at ${width} px`, async () => {
      const found = [];
      await visit(stranger, '/', outside, found);
      await visit(ann, '/', width < 768 ? fromList : {}, found);
      await visit(ann, ann.everyone ?? (await everyonePath()), { ...inside, ...(width < 768 ? {} : fromList) }, found);
      assert.deepEqual(found, []);
    });

    async function visit(person, path, screens, found) {
      await person.page.setViewportSize({
        width,
        height: width < 768 ? 740 : 800,
      });
      await person.page.emulateMedia({
        colorScheme: scheme,
        reducedMotion: 'reduce',
      });
      for (const [name, go] of Object.entries(screens)) {
        await person.page.goto(path);
        await person.page.locator('h1:visible, h2:visible').first().waitFor();
        if (person === ann) await settled(person.page);
        await go(person.page, person);
        const wrong = [...(await violations(person.page)), ...(await cutOff(person.page))];
        found.push(...wrong.map((what) => `${name}: ${what}`));
        if (PICTURED.includes(width)) await person.shot(`${name}-${width}-${scheme}`);
      }
    }
  }
}

async function everyonePath() {
  await ann.page.setViewportSize({ width: 1280, height: 800 });
  await ann.page.goto('/');
  await ann.page.getByRole('heading', { name: 'Everyone', level: 1 }).waitFor();
  ann.everyone = new URL(ann.page.url()).pathname;
  return ann.everyone;
}

/** The page no longer loads or connects. */
async function settled(page) {
  await page.getByRole('button', { name: 'Ann online', includeHidden: true }).waitFor({ state: 'attached' });
}

/** A page that scrolls sideways hides something from those who zoom in. */
async function cutOff(page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  return wide ? ['the page is wider than the window'] : [];
}

async function fill(page, name, password) {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}
