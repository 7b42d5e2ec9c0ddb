const PANES = '[data-pane]';

/**
 * Moves the focus to the next pane, as F6 does in other programs. False past the last one: the browser then moves on
 * to its own panes.
 */
export function focusPane(step: 1 | -1): boolean {
  const panes = [...document.querySelectorAll<HTMLElement>(PANES)].filter((pane) => target(pane));
  const here = panes.findIndex((pane) => pane.contains(document.activeElement));
  const next = panes[here === -1 && step === -1 ? panes.length - 1 : here + step];
  if (!next) return false;
  target(next)?.focus();
  return true;
}

/** Where the focus goes in a pane; a pane that is hidden or has nothing to focus is passed by. */
function target(pane: HTMLElement): HTMLElement | undefined {
  const wanted = pane.querySelector<HTMLElement>('[data-pane-focus]');
  return wanted?.checkVisibility() ? wanted : firstTabbable(pane);
}

function firstTabbable(pane: HTMLElement): HTMLElement | undefined {
  const candidates = pane.querySelectorAll<HTMLElement>('a[href], button, input, textarea, [tabindex="0"]');
  return [...candidates].find((element) => element.tabIndex >= 0 && element.checkVisibility());
}
