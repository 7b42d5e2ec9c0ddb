import { reads } from './page.mjs';

const PER_SECOND = 100;
const SECONDS = 5;

/** Others write 100 messages a second into the room that is looked at: all that the page's main thread does meanwhile, each. */
export async function hearing(scene) {
  const reader = await reads(scene);
  const { page } = reader;
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const before = await busy(session);
  const last = await page.getByRole('article').last().getAttribute('data-seq');
  const count = await scene.archive.talk(PER_SECOND, SECONDS);
  const shown = `article[data-seq="${Number(last) + count}"]`;
  await page.locator(shown).waitFor({ timeout: 60_000 });
  const spent = (await busy(session)) - before;
  await reader.leave();
  return { incoming: (1000 * spent) / count };
}

/** Seconds that the main thread has been at work. */
async function busy(session) {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration').value;
}
