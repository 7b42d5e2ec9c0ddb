import type { Member, Room } from '../wire';
import type { Composer } from './composer.svelte';
import type { Editing } from './editing.svelte';
import type { Place } from './audience';
import type { Permissions } from './permissions';
import type { Quotes } from './quotes.svelte';
import type { Receipts } from './receipts';
import type { MessageRow } from './rows';

/** What rows of messages are looked at through: a conversation, or one thread of it. */
export interface Lens extends Place {
  readonly composer: Composer;
  readonly editing: Editing;
  readonly quotes: Quotes;
  readonly receipts: Receipts;
  readonly view: { readonly flashed: string | undefined };
  readonly room: Room | undefined;
  /** Filled by `loadMembers`. */
  readonly members: readonly Member[];
  /** False: an open room seen from outside. */
  readonly joined: boolean;
  /** What I may do with a message. */
  permissions(row: MessageRow): Permissions;
  /** Goes to a message in the conversation; false when it may not be read. */
  reveal(seq: number): Promise<boolean>;
  markUnread(seq: number): Promise<void>;
  loadMembers(): Promise<void>;
}
