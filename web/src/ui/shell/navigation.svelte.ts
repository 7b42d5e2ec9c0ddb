import type { Chat } from '../../model';
import { inviteAt, keyAt, MENTIONS, pathOf } from './route';

const NARROW = '(width < 48rem)';
const WIDE = '(width >= 75rem)';

/** Keeps the address bar and the open conversation the same thing, so that the browser's history leads back. */
export class Navigation {
  narrow = $state(false);
  #mentions = $state(false);
  #chat: Chat;
  #query = matchMedia(NARROW);
  #wide = matchMedia(WIDE);

  constructor(chat: Chat) {
    this.#chat = chat;
    this.narrow = this.#query.matches;
  }

  /** True while the details panel has a column of its own, and covers nothing. */
  get wide(): boolean {
    return this.#wide.matches;
  }

  /** Whether what was addressed to me is shown, in place of a conversation. */
  get mentions(): boolean {
    return this.#mentions && !this.#chat.conversation;
  }

  /** Opens what the address names, and follows it from then on. Returns how to stop. */
  start(): () => void {
    if (inviteAt(location.pathname)) history.replaceState(null, '', '/'); // it has been followed
    this.#follow();
    const resized = (): void => void (this.narrow = this.#query.matches);
    const popped = (): void => this.#follow();
    this.#query.addEventListener('change', resized);
    window.addEventListener('popstate', popped);
    return () => {
      this.#query.removeEventListener('change', resized);
      window.removeEventListener('popstate', popped);
    };
  }

  /** With room for two panes there is always a conversation beside the list. Call it in an effect. */
  fill(): void {
    if (!this.narrow && this.#chat.sidebar.loaded && !this.#chat.conversation && !this.#mentions)
      this.#chat.openEveryone();
  }

  /** Writes the address of what is open now. */
  write(key: string | undefined): void {
    if (key !== undefined) this.#mentions = false;
    const path = this.mentions ? MENTIONS : pathOf(key);
    const { pathname } = location;
    if (path === pathname) return;
    const fromList = pathname === '/' || pathname === MENTIONS;
    if (pathname === '/' && !this.narrow) history.replaceState(null, '', path);
    else history.pushState(fromList ? { fromList } : null, '', path);
  }

  // Actions

  /** To what was addressed to me, which has an address of its own. */
  toMentions(): void {
    this.#mentions = true;
    this.#chat.close();
  }

  /** To the list, of conversations or of mentions: back in history where that is where the list was, so that the history does not grow. */
  toList(): void {
    if (history.state?.fromList) {
      history.back();
      return;
    }
    history.replaceState(null, '', '/');
    this.#follow();
  }

  // Internal

  #follow(): void {
    const key = keyAt(location.pathname);
    this.#mentions = location.pathname === MENTIONS;
    if (this.#mentions) this.#chat.close();
    else if (key !== undefined) this.#chat.open(key);
    else if (this.narrow) this.#chat.close();
    else this.#chat.openEveryone();
  }
}
