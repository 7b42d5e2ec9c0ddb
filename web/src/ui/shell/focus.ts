import { pathOf } from './route';

/** Where only one pane is shown, the focus goes along to the one that is: its opener is no longer there. */
export function followPane(list: boolean, leaving: string | undefined): void {
  const link = leaving === undefined ? null : document.querySelector<HTMLElement>(`nav a[href="${pathOf(leaving)}"]`);
  const here = link ?? document.querySelector<HTMLElement>('.bottom-nav [aria-current]');
  if (list) here?.focus();
  else document.getElementById('conversation')?.focus();
}

/** An attachment for a panel that covers its opener: it takes the focus, and gives it back when it goes. */
export function takesFocus(panel: HTMLElement): () => void {
  const opener = document.activeElement;
  panel.querySelector<HTMLElement>('[data-pane-focus]')?.focus();
  return () => {
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
  };
}
