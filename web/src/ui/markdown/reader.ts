import type { Chat } from '../../model';

/** What the parts of a text share. */
export interface Reader {
  readonly chat: Chat;
  /** Of links, buttons and other stops in the text. */
  readonly tabindex: 0 | -1;
}
