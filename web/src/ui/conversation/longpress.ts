const PRESS_MS = 500;
const SLIP_PX = 10;

/**
 * An attachment: calls `run` after a finger has rested on the element. It waits for the finger to be lifted, because
 * that would close the menu again that `run` opens.
 */
export function longPress(run: () => void): (element: HTMLElement) => () => void {
  return (element) => {
    const stops = new AbortController();
    let from: PointerEvent | undefined;
    let pressed = false; // the browser says so; not every one does
    const on = <T extends keyof HTMLElementEventMap>(type: T, hear: (event: HTMLElementEventMap[T]) => void): void =>
      element.addEventListener(type, hear, { signal: stops.signal });
    const lifted = (long: boolean): void => {
      if (from && (pressed || long)) setTimeout(run);
      from = undefined;
      pressed = false;
    };

    on('pointerdown', (event) => (from = event.pointerType === 'touch' ? event : undefined));
    on('pointermove', (event) => {
      if (from && Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) > SLIP_PX) from = undefined;
    });
    on('contextmenu', (event) => {
      if (!from) return;
      event.preventDefault();
      pressed = true;
    });
    on('pointerup', (event) => lifted(from !== undefined && event.timeStamp - from.timeStamp >= PRESS_MS));
    on('pointercancel', () => lifted(false));
    return () => stops.abort();
  };
}
