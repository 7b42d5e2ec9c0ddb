// Looks at a page for what automatic rules about markup cannot see: what is cut, too small, hidden or misnamed.
// Each answers what is wrong, a line each.

/** WCAG 1.4.12: what a reader may set without losing anything. */
const SPACING = `
  *, *::before, *::after { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
  p { margin-block-end: 2em !important; }`;

/** Nothing is cut or out of reach, and nothing but code and tables scrolls two ways. */
export function cut(page) {
  return page.evaluate(findCut);
}

/** The same while letters, words and lines stand further apart. */
export async function cutWhenSpaced(page) {
  await page.evaluate((css) => {
    window.spacing = new CSSStyleSheet();
    window.spacing.replaceSync(css);
    document.adoptedStyleSheets.push(window.spacing);
  }, SPACING);
  await settled(page);
  const found = await page.evaluate(findCut);
  await page.evaluate(() => document.adoptedStyleSheets.pop());
  await settled(page);
  return found.map((what) => `spaced: ${what}`);
}

/** Every target is at least so many pixels wide and tall; links within a text are as tall as its lines. */
export function smallTargets(least) {
  return (page) => page.evaluate(findSmall, least);
}

/** What is to be read on a control is part of what it is called. */
export function misnamed(page) {
  return page.evaluate(findMisnamed);
}

/** Going through the page with Tab, the focus is never wholly behind something else, or outside of the window. */
export async function hiddenFocus(page) {
  const found = [];
  const seen = new Set();
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    await page.keyboard.press('Tab');
    const { name, key, hidden } = await page.evaluate(lookAtFocus);
    if (!name || seen.has(key)) break;
    seen.add(key);
    if (hidden) found.push(`the focus is hidden: ${name}`);
  }
  return found;
}

const MOST_STOPS = 30;

function settled(page) {
  return page.evaluate(async () => {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  });
}

/** In the page. */
function findCut() {
  const found = [];
  const SCROLLS = ['auto', 'scroll'];
  const HIDES = ['hidden', 'clip'];
  if (document.documentElement.scrollWidth > innerWidth) found.push('the page is wider than the window');
  const top = [...document.querySelectorAll('dialog:modal')].at(-1) ?? document.body;
  for (const element of top.querySelectorAll('*')) {
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    // For the ear only; hidden until it has the focus; decoration; cut on purpose, with the whole where it leads.
    if (element.closest('.quiet, .skip-link, [aria-hidden=true], svg, [popover]:not(:popover-open)')) continue;
    const { overflowX, overflowY, textOverflow, webkitLineClamp } = getComputedStyle(element);
    const wide = element.scrollWidth > element.clientWidth + 1;
    const tall = element.scrollHeight > element.clientHeight + 1;
    const onPurpose = textOverflow === 'ellipsis' || webkitLineClamp !== 'none' || element.matches('input, textarea');
    if (HIDES.includes(overflowX) && wide && !onPurpose) found.push(`cut at the side: ${nameOf(element)}`);
    if (HIDES.includes(overflowY) && tall && !onPurpose && element.clientHeight > 0) {
      found.push(`cut at the foot: ${nameOf(element)}`);
    }
    if (
      SCROLLS.includes(overflowX) &&
      wide &&
      !element.closest('pre, .code-block') &&
      !element.querySelector('table')
    ) {
      found.push(`scrolls sideways: ${nameOf(element)}, for ${widest(element)}`);
    }
    if (element.matches('button, a[href], input, textarea, select, h1, h2, p') && outOfReach(element)) {
      found.push(`out of reach: ${nameOf(element)}`);
    }
  }
  return [...new Set(found)];

  /** Beyond the edge of the window, or of something that does not scroll there. */
  function outOfReach(element) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) return false;
    let [across, down] = [true, true];
    for (let one = element.parentElement; one && one !== document.documentElement; one = one.parentElement) {
      const { overflowX, overflowY, position } = getComputedStyle(one);
      if (SCROLLS.includes(overflowX) || one.closest('pre')) across = false;
      if (SCROLLS.includes(overflowY)) down = false;
      if (position === 'fixed') break;
    }
    return (
      (across && (box.left < -1 || box.right > innerWidth + 1)) ||
      (down && (box.top < -1 || box.bottom > innerHeight + 1))
    );
  }

  function widest(element) {
    const inside = [...element.querySelectorAll('*')].filter((one) => one.checkVisibility());
    const edge = (one) => one.getBoundingClientRect().right;
    return nameOf(inside.toSorted((a, b) => edge(b) - edge(a))[0]);
  }

  function nameOf(element) {
    const words = (element.getAttribute('aria-label') ?? element.textContent).trim().replace(/\s+/g, ' ').slice(0, 40);
    return `${element.localName}${[...element.classList]
      .slice(0, 2)
      .map((name) => `.${name}`)
      .join('')} “${words}”`;
  }
}

/** In the page. */
function findSmall(least) {
  const TARGETS =
    'button, a[href], input:not([type=hidden], [type=file]), select, textarea, [role=option], [role=menuitem], summary';
  const top = [...document.querySelectorAll('dialog:modal, [popover]:popover-open')].at(-1) ?? document.body;
  const found = [];
  for (const element of top.querySelectorAll(TARGETS)) {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.closest('.skip-link, [inert]')) continue;
    // Within a line of text; or the name of an author, whose target reaches over the picture beside it.
    if (
      element.matches('.message-text a, .message-text button.mention, p a, .author button, .conversation-start button')
    )
      continue;
    const label = element.closest('label') ?? (element.id && document.querySelector(`label[for="${element.id}"]`));
    const boxes = [element, label].filter(Boolean).map((one) => one.getBoundingClientRect());
    if (boxes.some(({ width, height }) => width >= least - 0.5 && height >= least - 0.5)) continue;
    const words = (element.getAttribute('aria-label') ?? element.textContent).trim().slice(0, 40);
    found.push(`${element.localName} “${words}” is ${boxes[0].width.toFixed(0)} × ${boxes[0].height.toFixed(0)} px`);
  }
  return [...new Set(found)];
}

/** In the page. */
function findMisnamed() {
  const plain = (text) =>
    text
      .normalize('NFKC')
      .toLocaleLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
  const found = [];
  for (const element of document.querySelectorAll('button[aria-label], a[aria-label], [role=option][aria-label]')) {
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    const seen = plain(visible(element));
    const name = plain(element.getAttribute('aria-label'));
    if (seen !== '' && !name.includes(seen)) found.push(`“${seen}” is called “${name}”`);
  }
  return [...new Set(found)];

  function visible(element) {
    return [...element.childNodes]
      .map((child) => {
        if (child.nodeType === Node.TEXT_NODE) return child.data;
        if (!(child instanceof HTMLElement) || child.matches('.quiet, [aria-hidden=true]')) return '';
        return child.checkVisibility() ? visible(child) : '';
      })
      .join(' ');
  }
}

/** In the page. */
function lookAtFocus() {
  const element = document.activeElement;
  if (!element || element === document.body) return {};
  const box = element.getBoundingClientRect();
  const words = (element.getAttribute('aria-label') ?? element.textContent).trim().slice(0, 40);
  const key = `${element.localName} ${words} ${Math.round(box.left)} ${Math.round(box.top)}`;
  const shares = [0.1, 0.5, 0.9];
  const shown = shares.some((x) =>
    shares.some((y) => {
      const at = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
      return at !== null && (element.contains(at) || at.closest('label')?.contains(element));
    }),
  );
  return { name: `${element.localName} “${words}”`, key, hidden: !shown };
}
