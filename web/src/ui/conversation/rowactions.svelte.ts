import type { Lens, MessageRow } from '../../model';
import type { IconName } from '../base/icons';
import { markdown } from '../markdown/markdown.svelte';
import type { Desk } from '../shell/desk.svelte';
import { t } from '../text/text';

export type RowAction = keyof typeof t.message.actions;

/** An action as a menu shows it. */
export interface RowActionItem {
  readonly action: RowAction;
  readonly icon: IconName;
  /** The key that does it in the list. */
  readonly key?: string;
}

const KEYS: Record<string, RowAction> = {
  r: 'reply',
  R: 'reply',
  e: 'edit',
  E: 'edit',
  Delete: 'remove',
  '+': 'react',
};

/** What can be done with the rows of one conversation, or of one thread, and which menu or question about a row is open. */
export class RowActions {
  /** The menu of a row, beside `anchor`. */
  menu = $state.raw<{ row: MessageRow; anchor: Element }>();
  /** The emoji picker for a row. */
  picker = $state.raw<{ row: MessageRow; anchor: Element }>();
  removing = $state.raw<MessageRow>();
  /** Who has read a row, or which way it took, is looked at. */
  looking = $state.raw<{ row: MessageRow; at: 'seen' | 'route' }>();
  readonly #desk: Desk;
  readonly #conversation: Lens;

  constructor(desk: Desk, conversation: Lens) {
    this.#desk = desk;
    this.#conversation = conversation;
  }

  /** Something about a row is open. */
  get busy(): boolean {
    return (this.menu ?? this.picker ?? this.removing ?? this.looking) !== undefined;
  }

  items(row: MessageRow): RowActionItem[] {
    const items: RowActionItem[] = [
      { action: 'react', icon: 'smile-plus', key: '+' },
      { action: 'reply', icon: 'reply', key: 'R' },
      { action: 'thread', icon: 'message-circle' },
      { action: 'show', icon: 'arrow-right' },
      { action: 'privately', icon: 'lock' },
      { action: 'edit', icon: 'pencil', key: 'E' },
      { action: 'copy', icon: 'copy' },
      { action: row.pinned ? 'unpin' : 'pin', icon: 'pin' },
      { action: 'profile', icon: 'users' },
      { action: 'unread', icon: 'circle-dot' },
      { action: 'seen', icon: 'eye' },
      { action: 'route', icon: 'route' },
      { action: 'remove', icon: 'trash', key: 'Del' },
    ];
    return items.filter((item) => this.may(row, item.action));
  }

  may(row: MessageRow, action: RowAction): boolean {
    const conversation = this.#conversation;
    if (row.seq === undefined || row.deleted || row.system || !conversation.joined) return false;
    const { post, edit, remove } = conversation.permissions(row);
    const inThread = conversation.root !== undefined;
    const inRoom = conversation.kind !== 'direct' && !inThread;
    switch (action) {
      case 'edit':
        return edit;
      case 'remove':
        return remove;
      case 'privately':
        return inRoom && !row.mine && post;
      case 'copy':
        return row.body !== '' && 'clipboard' in navigator;
      case 'profile':
        return !row.mine;
      case 'thread':
        return !inThread && (row.replies > 0 || row.thread !== undefined);
      case 'show':
        return inThread;
      case 'route':
        return row.mine;
      case 'seen':
        return conversation.receipts.countable;
      case 'unread':
        return true;
      default:
        return post;
    }
  }

  // Actions

  do(action: RowAction, row: MessageRow, anchor: Element): void {
    this.menu = undefined;
    const { chat } = this.#desk;
    const { composer, editing, roomId: room } = this.#conversation;
    const { seq } = row;
    if (seq === undefined || room === undefined || !this.may(row, action)) return;
    if (action === 'react') this.picker = { row, anchor };
    if (action === 'reply') composer.reply(seq);
    if (action === 'privately') composer.armPerson(row.author.id);
    if (action === 'edit') editing.start(seq);
    if (action === 'copy')
      void navigator.clipboard.writeText(markdown.words(row.body, (user) => chat.people.nameOf(user)));
    if (action === 'pin' || action === 'unpin') void chat.messages.pin(room, seq, action === 'pin');
    if (action === 'profile') this.#desk.show({ kind: 'profile', user: row.author.id, room });
    if (action === 'thread') this.#desk.openThread(row.thread ?? seq);
    if (action === 'show') this.#desk.reveal(room, seq);
    if (action === 'unread') void this.#conversation.markUnread(seq);
    if (action === 'remove') this.removing = row;
    if (action === 'seen' || action === 'route') this.looking = { row, at: action };
  }

  /** Sets a reaction of mine, or takes it back. */
  react(row: MessageRow, emoji: string): void {
    const { roomId: room } = this.#conversation;
    const { chat } = this.#desk;
    if (room === undefined || row.seq === undefined) return;
    const mine = row.reactions.some((one) => one.emoji === emoji && one.users.includes(chat.me.id));
    void chat.messages.react(room, row.seq, emoji, !mine);
  }

  /** An emoji was picked for a row. */
  picked(row: MessageRow, emoji: string): void {
    this.picker = undefined;
    this.menu = undefined;
    this.#desk.emoji.used(emoji);
    this.react(row, emoji);
  }

  remove(row: MessageRow): void {
    const { roomId: room } = this.#conversation;
    if (room !== undefined && row.seq !== undefined) this.#desk.chat.messages.remove(room, row.seq);
    this.removing = undefined;
  }

  open(row: MessageRow, anchor: Element): void {
    if (this.items(row).length > 0) this.menu = { row, anchor };
  }

  /** The keys of the list, on a row that has the focus; true if one did something. */
  keydown(key: string, row: MessageRow, anchor: Element): boolean {
    if (key === 'Enter' && this.items(row).length > 0) {
      this.open(row, anchor);
      return true;
    }
    const action = KEYS[key];
    if (!action || !this.may(row, action)) return false;
    this.do(action, row, anchor);
    return true;
  }
}
