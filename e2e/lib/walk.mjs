import { drawing } from './picture.mjs';
import { goTo, screensAt } from './screens.mjs';
import { texts } from './texts.mjs';
import { Town } from './town.mjs';

/** A town on the server of the scene, and the words of the client in some languages. */
export async function settle(scene, ...languages) {
  const said = await texts(...languages);
  const town = await Town.found(scene.server.url, await drawing(scene.browser));
  scene.onEnd(() => town.leave());
  return { said, town };
}

/**
 * Goes to every screen of the table in a language and with a device, and looks at each. A look gets the page and answers
 * what is wrong, a line each; it leaves the screen as it was. Resolves with all that was found.
 */
export async function walk(scene, { said, town }, { language = 'en', device, looks }) {
  const locale = language === 'en' ? 'en-GB' : language;
  const ann = await scene.arrives('Ann', { locale: 'en-GB' });
  await ann.signIn();
  const storageState = await ann.context.storageState();
  await ann.leave();
  const inside = await scene.arrives('Ann', { ...device, locale, storageState });
  const outside = await scene.arrives('Zoe', { ...device, locale });
  const found = [];
  for (const screen of screensAt(device.viewport.width)) {
    const { page } = screen.at === 'outside' ? outside : inside;
    const visit = { page, town, t: said[language] };
    const wrong = [];
    try {
      await goTo(screen, visit);
      for (const look of looks) wrong.push(...(await look(page)));
    } catch (error) {
      wrong.push(error.message);
    }
    found.push(...wrong.map((what) => `${screen.name}, ${language}: ${what}`));
    await screen.back?.(visit);
  }
  return found;
}
