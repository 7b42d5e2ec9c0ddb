import { percentile, reads, until } from './page.mjs';

const KEYS =
  'what is written here is about as long as a message that somebody thought about for a moment before sending it';
const BETWEEN_MS = 40;
const MESSAGES = 15;

/** Types and sends in the long room. */
export async function writing(scene) {
  const reader = await reads(scene);
  const { page } = reader;
  await reader.box.click();
  await page.evaluate(watchKeys);
  await page.keyboard.type(KEYS, { delay: BETWEEN_MS });
  const keys = await page.evaluate(() => window.keyTimes);
  await reader.box.fill('');
  const own = [];
  for (let n = 0; n < MESSAGES; n++) {
    const text = `an own message, ${performance.now()}`;
    await reader.box.fill(text);
    own.push(
      await until(page, { type: 'keydown', act: () => page.keyboard.press('Enter'), wanted: isLast, argument: text }),
    );
    await reader.sent(text);
  }
  const interactions = await page.evaluate(() => window.interactions);
  await reader.leave();
  return {
    'key-paint': percentile(keys, 0.95),
    inp: percentile(interactions, 0.75),
    'own-row': percentile(own, 0.5),
  };
}

/** In the page: from each key to the frame that shows it; and the browser's own view of interactions. */
function watchKeys() {
  window.keyTimes = [];
  window.interactions = [];
  addEventListener(
    'keydown',
    async (event) => {
      await new Promise(requestAnimationFrame);
      window.keyTimes.push((await window.painting()) - event.timeStamp);
    },
    { capture: true },
  );
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.interactionId) window.interactions.push(entry.duration);
  });
  observer.observe({ type: 'event', durationThreshold: 16 });
}

/** In the page. */
function isLast(text) {
  return [...document.querySelectorAll('article')].at(-1)?.textContent.includes(text) ?? false;
}
