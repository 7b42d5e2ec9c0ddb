import type { Desk } from './desk.svelte';
import { focusPane } from './panes';

/** The keys that work everywhere. A key that did nothing is left to the browser. */
export function shortcuts(event: KeyboardEvent, desk: Desk): void {
  if (event.defaultPrevented || event.isComposing || desk.dialog) return;
  if (handled(event, desk)) event.preventDefault();
}

function handled(event: KeyboardEvent, desk: Desk): boolean {
  const command = event.ctrlKey || event.metaKey;
  switch (event.key.length === 1 ? event.key.toLowerCase() : event.key) {
    case 'F6':
      return !command && !event.altKey && focusPane(event.shiftKey ? -1 : 1);
    case 'ArrowUp':
    case 'ArrowDown':
      return event.altKey && !command && desk.step(event.key === 'ArrowUp' ? -1 : 1, event.shiftKey);
    case 'k':
      if (!command) return false;
      desk.show({ kind: 'switcher' });
      return true;
    case 'f':
      if (!command || event.shiftKey) return false;
      desk.find();
      return true;
    case '.':
      if (!command) return false;
      desk.toggleWire();
      return true;
    case '/':
      if (!command) return false;
      desk.show({ kind: 'keys' });
      return true;
    case 'Escape':
      if (!(desk.details || desk.wire) || desk.navigation.wide) return false;
      if (desk.details) desk.details = false;
      else desk.wire = false;
      return true;
    default:
      return false;
  }
}
