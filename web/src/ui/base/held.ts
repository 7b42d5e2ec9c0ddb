type Held = { hold(): void; release(): void };

/** An attachment: holds something while the pointer or the focus is in the element. */
export function held(what: Held): (element: HTMLElement) => () => void {
  return (element) => {
    const inside = { pointer: false, focus: false };
    const set = (change: Partial<typeof inside>): void => {
      Object.assign(inside, change);
      if (inside.pointer || inside.focus) what.hold();
      else what.release();
    };
    const stops = new AbortController();
    const on = <T extends keyof HTMLElementEventMap>(type: T, run: (event: HTMLElementEventMap[T]) => void): void =>
      element.addEventListener(type, run, { signal: stops.signal });

    on('pointerenter', () => set({ pointer: true }));
    on('pointerleave', () => set({ pointer: false }));
    on('focusin', () => set({ focus: true }));
    on('focusout', ({ relatedTarget: to }) => set({ focus: to instanceof Node && element.contains(to) }));
    return () => {
      stops.abort();
      what.release();
    };
  };
}
