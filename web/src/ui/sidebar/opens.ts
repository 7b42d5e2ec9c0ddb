/** Opens in this page on a plain click; a click for a new tab or window stays the browser's. */
export function opens(event: MouseEvent, open: () => void): void {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  open();
}
