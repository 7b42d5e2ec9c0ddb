import { Person } from '../../e2e/lib/person.mjs';

const DESKTOP = { viewport: { width: 1280, height: 800 } };

/** The reader's profile, signed in at a conversation that has its messages. */
export async function reads({ browser, server, archive }, room = archive.room) {
  await archive.isRead();
  const person = await Person.arrive(browser, server, archive.reader, DESKTOP);
  await person.signIn();
  await openRoom(person.page, room);
  return person;
}

export async function openRoom(page, room) {
  await page.goto(`/room/${room.id}`);
  await page.getByRole('heading', { name: room.name, exact: true, level: 1 }).waitFor();
  await page.getByRole('article').first().waitFor();
  await installClock(page);
}

/**
 * In the page: `painted(wanted)` looks once a frame, and resolves with the time, by the page's clock, at which the frame
 * that had it was painted. `painting()`, called in a frame, resolves when that one was.
 */
export function installClock(page) {
  return page.evaluate(() => {
    const nextFrame = () => new Promise(requestAnimationFrame);
    window.painting = () =>
      new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener('message', () => resolve(performance.now()));
        port1.start();
        port2.postMessage(undefined);
      });
    window.painted = async (wanted) => {
      do await nextFrame();
      while (!wanted());
      return window.painting();
    };
  });
}

/**
 * The milliseconds from the next event of a type, by its own time stamp, to the frame that has what is wanted: a function
 * that runs in the page, with its argument. The event comes of what `act` does.
 */
export async function until(page, { type, act, wanted, argument }) {
  await page.evaluate(`window.wanted = ${wanted}`);
  await page.evaluate(
    ({ type: event, argument: given }) => {
      window.measured = new Promise((resolve) => {
        const listen = async ({ timeStamp }) => resolve((await window.painted(() => window.wanted(given))) - timeStamp);
        addEventListener(event, listen, { capture: true, once: true });
      });
    },
    { type, argument },
  );
  await act();
  return page.evaluate(() => window.measured);
}

export function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}
