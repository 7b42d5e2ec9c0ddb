import assert from 'node:assert/strict';
import { contrast, violations } from './axe.mjs';
import { cut } from './looks.mjs';
import { stage } from './stage.mjs';
import { step } from './step.mjs';
import { settle, walk } from './walk.mjs';

const LANGUAGES = { en: 'ltr', ar: 'rtl' };

/** The story of a file: axe-core finds nothing on any screen of the table at a width. One width a file keeps them short. */
export function accessibleAt(width) {
  const scene = stage();
  const device = { viewport: { width, height: width < 768 ? 740 : 800 } };
  let ground;
  step('people have talked for a while', async () => {
    ground = await settle(scene, ...Object.keys(LANGUAGES));
  });
  step(`every screen is accessible at ${width} px, light and dark, in both directions`, async () => {
    const walks = Object.entries(LANGUAGES).map(([language, dir]) =>
      walk(scene, ground, { language, device, looks: [violations, cut, turned(dir), dark] }),
    );
    assert.equal((await Promise.all(walks)).flat().join('\n'), '');
  });
}

/** The scheme changes colours and nothing else; where the system forces its own, they are not ours to judge. */
async function dark(page) {
  if (await page.evaluate(() => matchMedia('(forced-colors: active)').matches)) return [];
  await page.emulateMedia({ colorScheme: 'dark' });
  const found = await contrast(page);
  await page.emulateMedia({ colorScheme: 'light' });
  return found.map((what) => `dark: ${what}`);
}

function turned(wanted) {
  return async (page) => {
    const dir = await page.evaluate(() => getComputedStyle(document.documentElement).direction);
    return dir === wanted ? [] : [`the page runs ${dir}`];
  };
}
