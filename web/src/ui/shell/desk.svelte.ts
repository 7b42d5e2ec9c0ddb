import { EmojiChoice } from '../../model';
import type { Chat, Id, SidebarItem } from '../../model';
import { Navigation } from './navigation.svelte';

export type OpenDialog =
  | { kind: 'create' }
  | { kind: 'browse' }
  | { kind: 'invite'; room: Id; name: string }
  | { kind: 'leave' | 'edit' | 'archive'; room: Id }
  | { kind: 'profile'; user: Id; room?: Id }
  | { kind: 'settings' }
  | { kind: 'keys' };

/** What the shell's parts share: the chat, where one is in it, and which dialog or panel is open. */
export class Desk {
  readonly chat: Chat;
  readonly navigation: Navigation;
  readonly emoji: EmojiChoice;
  details = $state(false);
  dialog = $state.raw<OpenDialog>();

  constructor(chat: Chat) {
    this.chat = chat;
    this.navigation = new Navigation(chat);
    this.emoji = new EmojiChoice(chat.host.notes);
  }

  // Actions

  show(dialog: OpenDialog): void {
    this.chat.directory.clearProblem();
    this.dialog = dialog;
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
