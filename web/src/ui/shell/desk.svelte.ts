import {
  EmojiChoice,
  RecentSearches,
  Search,
  type Chat,
  type Id,
  type MessageRow,
  type SidebarItem,
} from '../../model';
import { Navigation } from './navigation.svelte';

export type OpenDialog =
  | { kind: 'create' | 'browse' | 'switcher' | 'search' }
  | { kind: 'invite'; room: Id; name: string }
  | { kind: 'leave' | 'edit' | 'archive'; room: Id }
  | { kind: 'profile'; user: Id; room?: Id | undefined }
  | { kind: 'files'; user: Id }
  | { kind: 'edits'; row: MessageRow }
  | { kind: 'settings' | 'setup' | 'share' }
  | { kind: 'keys' }
  | { kind: 'notices' };

/** What the shell's parts share: the chat, where one is in it, and which dialog or panel is open. */
export class Desk {
  readonly chat: Chat;
  readonly navigation: Navigation;
  readonly emoji: EmojiChoice;
  readonly recents: RecentSearches;
  /** Keeps its words and results while one looks at one of them. */
  readonly search: Search;
  details = $state(false);
  #thread = $state.raw<{ conversation: string; root: number }>();
  wire = $state(false);
  dialog = $state.raw<OpenDialog>();

  constructor(chat: Chat) {
    this.chat = chat;
    this.navigation = new Navigation(chat);
    this.emoji = new EmojiChoice(chat.host.notes);
    this.recents = new RecentSearches(chat.host);
    this.search = new Search(chat, this.recents);
  }

  /** The thread that stands in place of the details, by the seq of what began it; undefined: none. */
  get thread(): number | undefined {
    return this.#thread?.conversation === this.chat.conversation?.key ? this.#thread?.root : undefined;
  }

  // Actions

  show(dialog: OpenDialog): void {
    this.chat.directory.clearProblem();
    this.dialog = dialog;
  }

  /** Looks for messages, where one is or for words that are given. */
  find(words?: string): void {
    this.search.opened(words === undefined ? this.chat.conversation?.roomId : undefined);
    if (words !== undefined) this.search.type(words);
    this.show({ kind: 'search' });
  }

  /** Goes to a message in its conversation, from under what would cover it. */
  reveal(room: Id, seq: number): void {
    this.close();
    if (!this.navigation.wide) this.details = false;
    void this.chat.reveal(room, seq);
  }

  /** Opens the thread that a message of the open conversation began. */
  openThread(root: number | undefined): void {
    const { conversation } = this.chat;
    if (!conversation || root === undefined) return;
    this.#thread = { conversation: conversation.key, root };
    this.details = true;
  }

  /** Opens or closes the details, also in place of a thread. */
  toggleDetails(): void {
    this.details = !this.details || this.thread !== undefined;
    this.#thread = undefined;
  }

  closeDetails(): void {
    this.details = false;
    this.#thread = undefined;
  }

  /** Opens or closes the wire view, in place of the details. */
  toggleWire(): void {
    this.wire = this.details || !this.wire;
    this.details = false;
  }

  close(): void {
    this.dialog = undefined;
  }

  /** Puts the focus where one writes, once the page has changed. */
  toComposer(): void {
    requestAnimationFrame(() => document.querySelector<HTMLElement>('.composer textarea')?.focus());
  }

  /** Opens the conversation above or below the open one in the sidebar; true if there is one. */
  step(by: 1 | -1, unreadOnly: boolean): boolean {
    const { rooms, directs } = this.chat.sidebar;
    const items = [...rooms, ...directs];
    const here = items.findIndex((item) => item.open);
    const ahead = by === 1 ? items.slice(here + 1) : items.slice(0, Math.max(here, 0)).toReversed();
    const next = ahead.find((item) => !unreadOnly || isUnread(item));
    if (next) this.chat.open(next.key);
    return next !== undefined;
  }
}

function isUnread(item: SidebarItem): boolean {
  return item.badge !== '' || item.bold;
}
