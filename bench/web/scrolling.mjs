import { percentile, reads } from './page.mjs';

const READING = [1200, 2400, 3600]; // px/s
const FLING = 24_000;
const SECONDS = 4;
const SMOOTH_MS = 20;
const BLANK_MOST = 0.1;
const PAGES = 8; // whose arrival is watched for drift

/** Scrolls up through the long room, slowly, then faster than anybody reads. */
export async function scrolling(scene) {
  const reader = await reads(scene);
  const { page } = reader;
  await page.evaluate(installScroller);
  const read = [];
  for (const speed of READING) read.push(...(await scroll(page, -speed)));
  const flung = [...(await scroll(page, -FLING)), ...(await scroll(page, FLING))];
  const all = [...read, ...flung];
  const drift = await page.evaluate(drifts, PAGES);
  const heap = await heapOf(page);
  await reader.leave();
  return {
    'scroll-smooth': (100 * read.filter(({ ms }) => ms <= SMOOTH_MS).length) / read.length,
    'fling-p95': percentile(
      flung.map(({ ms }) => ms),
      0.95,
    ),
    'fling-blank': (100 * flung.filter(({ blank }) => blank > BLANK_MOST).length) / flung.length,
    'fling-edge': (100 * flung.filter(({ edge }) => edge).length) / flung.length,
    rows: Math.max(...all.map(({ rows }) => rows)),
    drift,
    heap,
  };
}

/** The frames of some seconds of scrolling at a speed in px/s, negative upwards. */
function scroll(page, speed) {
  return page.evaluate(({ speed: pxPerSecond, seconds }) => window.scroll4(pxPerSecond, seconds), {
    speed,
    seconds: SECONDS,
  });
}

/** In the page. What each frame shows is looked at after it was painted. */
function installScroller() {
  window.scroll4 = async (pxPerSecond, seconds) => {
    const scroller = document.querySelector('.feed .scroller');
    const frames = [];
    const began = await new Promise(requestAnimationFrame);
    let last = began;
    while (last - began < seconds * 1000) {
      const now = await new Promise(requestAnimationFrame);
      const ms = now - last;
      const before = scroller.scrollTop;
      scroller.scrollTop += (pxPerSecond * Math.min(ms, 100)) / 1000;
      const edge = scroller.scrollTop === before;
      await window.painting();
      frames.push({ ms, edge, ...look(scroller) });
      last = now;
    }
    return frames;
  };

  function look(scroller) {
    const rows = scroller.querySelectorAll('[data-row], [data-day], .edge, .conversation-start');
    const view = scroller.getBoundingClientRect();
    let covered = view.top;
    let blank = 0;
    for (const row of rows) {
      const { top, bottom } = row.getBoundingClientRect();
      if (bottom <= covered) continue;
      if (top >= view.bottom) break;
      if (top - covered > GAP_PX) blank += top - covered;
      covered = Math.min(bottom, view.bottom);
    }
    blank += view.bottom - covered > GAP_PX ? view.bottom - covered : 0;
    return { rows: scroller.querySelectorAll('[data-row]').length, blank: blank / view.height };
  }

  const GAP_PX = 40; // what separates rows and days, and is no hole
}

/** In the page: the most that a row on screen moved while older pages came in above it, in px. */
async function drifts(pages) {
  const scroller = document.querySelector('.feed .scroller');
  const nextFrame = () => new Promise(requestAnimationFrame);
  const busy = () => scroller.querySelector('[role=feed]')?.getAttribute('aria-busy') === 'true';
  let most = 0;
  for (let page = 0; page < pages; page++) {
    for (let frame = 0; !busy() && frame < 600; frame++) {
      scroller.scrollTop -= 200;
      await nextFrame();
    }
    await nextFrame();
    const row = [...scroller.querySelectorAll('article')].find(
      (one) => one.getBoundingClientRect().top > scroller.getBoundingClientRect().top + 100,
    );
    if (!row) throw new Error('no row is on screen to watch for drift');
    const { top } = row.getBoundingClientRect();
    for (let frame = 0; busy() || frame < 10; frame++) {
      await nextFrame();
      const now = scroller.querySelector(`[data-row="${CSS.escape(row.dataset.row)}"]`);
      if (!now) throw new Error(`the row ${row.dataset.row} that was watched for drift has gone, in page ${page}`);
      most = Math.max(most, Math.abs(now.getBoundingClientRect().top - top));
    }
  }
  return most;
}

/** Bytes in use after a collection, in MB. */
async function heapOf(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}
