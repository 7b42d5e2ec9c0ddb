const GAP_PX = 4;
const NARROW = '(width < 48rem)';

/** Keeps a panel beside its anchor and inside the window; where it is narrow, the style sheet places it. */
export function beside(panel: HTMLElement, anchor: Element): () => void {
  return kept(panel, () => {
    if (matchMedia(NARROW).matches) {
      panel.style.removeProperty('left');
      panel.style.removeProperty('top');
      return;
    }
    const at = anchor.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = panel;
    const under = at.bottom + GAP_PX + height <= innerHeight;
    const rtl = getComputedStyle(anchor).direction === 'rtl';
    put(panel, rtl ? at.left : at.right - width, under ? at.bottom + GAP_PX : at.top - GAP_PX - height);
  });
}

/** Keeps a panel above its anchor, under it where there is no room, from where lines begin. */
export function above(panel: HTMLElement, anchor: Element): () => void {
  return kept(panel, () => {
    const at = anchor.getBoundingClientRect();
    panel.style.maxWidth = `${at.width}px`;
    const { offsetWidth: width, offsetHeight: height } = panel;
    const room = at.top - GAP_PX - height >= 0;
    const rtl = getComputedStyle(anchor).direction === 'rtl';
    put(panel, rtl ? at.right - width : at.left, room ? at.top - GAP_PX - height : at.bottom + GAP_PX);
  });
}

/** Places a panel now and whenever it, the window or what scrolls has changed. */
function kept(panel: HTMLElement, place: () => void): () => void {
  const stops = new AbortController();
  place();
  const observer = new ResizeObserver(place);
  observer.observe(panel);
  window.addEventListener('resize', place, { signal: stops.signal });
  window.addEventListener('scroll', place, { signal: stops.signal, capture: true, passive: true });
  return () => {
    observer.disconnect();
    stops.abort();
  };
}

function put(panel: HTMLElement, left: number, top: number): void {
  panel.style.left = `${clamp(left, innerWidth - panel.offsetWidth)}px`;
  panel.style.top = `${clamp(top, innerHeight - panel.offsetHeight)}px`;
}

function clamp(at: number, most: number): number {
  return Math.max(GAP_PX, Math.min(at, most - GAP_PX));
}
