/**
 * Writes a text in the place of a piece of what is in a box, as if it were typed, so that undo takes it back. The caret
 * stands behind it, and the box has the focus.
 */
export function insert(box: HTMLTextAreaElement, text: string, from = box.selectionStart, to = box.selectionEnd): void {
  box.focus();
  box.setSelectionRange(from, to);
  // The only way into a browser's list of what can be undone.
  if (document.execCommand('insertText', false, text)) return;
  box.setRangeText(text, from, to, 'end');
  box.dispatchEvent(new InputEvent('input', { bubbles: true }));
}
