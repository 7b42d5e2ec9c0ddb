const GAP_PX = 4;
const NARROW = '(width < 48rem)';

/** Keeps a panel beside its anchor and inside the window; where it is narrow, the style sheet places it. */
export function beside(panel: HTMLElement, anchor: Element): () => void {
  const place = (): void => {
    if (matchMedia(NARROW).matches) {
      panel.style.removeProperty('left');
      panel.style.removeProperty('top');
      return;
    }
    const at = anchor.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = panel;
    const under = at.bottom + GAP_PX + height <= innerHeight;
    const rtl = getComputedStyle(anchor).direction === 'rtl';
    const left = rtl ? at.left : at.right - width;
    const top = under ? at.bottom + GAP_PX : at.top - GAP_PX - height;
    panel.style.left = `${clamp(left, innerWidth - width)}px`;
    panel.style.top = `${clamp(top, innerHeight - height)}px`;
  };
  place();
  const observer = new ResizeObserver(place);
  observer.observe(panel);
  window.addEventListener('resize', place);
  return () => {
    observer.disconnect();
    window.removeEventListener('resize', place);
  };
}

function clamp(at: number, most: number): number {
  return Math.max(GAP_PX, Math.min(at, most - GAP_PX));
}
