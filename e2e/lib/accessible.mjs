import assert from 'node:assert/strict';
import { contrast, violations } from './axe.mjs';
import { drawing } from './picture.mjs';
import { goTo, screensAt } from './screens.mjs';
import { stage } from './stage.mjs';
import { step } from './step.mjs';
import { texts } from './texts.mjs';
import { Town } from './town.mjs';

const LANGUAGES = { en: 'ltr', ar: 'rtl' };

/** The story of a file: axe-core finds nothing on any screen of the table at a width. One width a file keeps them short. */
export function accessibleAt(width) {
  const scene = stage();
  const visits = {};
  step('people have talked for a while', async () => {
    const said = await texts(...Object.keys(LANGUAGES));
    const town = await Town.found(scene.server.url, await drawing(scene.browser));
    scene.onEnd(() => town.leave());
    for (const locale of Object.keys(LANGUAGES)) {
      const ann = await scene.arrives('Ann', { locale: 'en-GB' });
      await ann.signIn();
      const storageState = await ann.context.storageState();
      await ann.leave();
      const inside = await scene.arrives('Ann', { locale, storageState });
      const outside = await scene.arrives('Zoe', { locale });
      visits[locale] = (screen) => ({ page: (screen.at === 'outside' ? outside : inside).page, town, t: said[locale] });
    }
  });
  step(`every screen is accessible at ${width} px, light and dark, in both directions`, async () => {
    const found = await Promise.all(Object.keys(LANGUAGES).map((language) => walk(width, language, visits[language])));
    assert.deepEqual(found.flat(), []);
  });
}

async function walk(width, language, visitOf) {
  const found = [];
  for (const screen of screensAt(width)) {
    const visit = visitOf(screen);
    const { page } = visit;
    await page.setViewportSize({ width, height: width < 768 ? 740 : 800 });
    await page.emulateMedia({ colorScheme: 'light' });
    try {
      await goTo(screen, visit);
      const wrong = [
        ...(await violations(page)),
        ...(await cutOff(page)),
        ...(await turned(page, LANGUAGES[language])),
      ];
      // The scheme changes colours and nothing else.
      await page.emulateMedia({ colorScheme: 'dark' });
      wrong.push(...(await contrast(page)).map((what) => `dark: ${what}`));
      found.push(...wrong.map((what) => `${screen.name}, ${language}: ${what}`));
    } catch (error) {
      found.push(`${screen.name}, ${language}: ${error.message}`);
    }
    await screen.back?.(visit);
  }
  return found;
}

/** A page that scrolls sideways hides something from those who zoom in. */
async function cutOff(page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  return wide ? ['the page is wider than the window'] : [];
}

async function turned(page, wanted) {
  const dir = await page.evaluate(() => getComputedStyle(document.documentElement).direction);
  return dir === wanted ? [] : [`the page runs ${dir}`];
}
