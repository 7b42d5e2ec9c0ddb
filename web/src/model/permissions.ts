import type { Head, User } from '../wire';
import { rightsOf } from './rights';
import type { MessageRow } from './rows';

/** What somebody may do with a message, as the server will decide. */
export interface Permissions {
  /** Reply, react, pin. */
  readonly post: boolean;
  readonly edit: boolean;
  readonly remove: boolean;
}

const NONE: Permissions = { post: false, edit: false, remove: false };

export function permissionsOf(row: MessageRow, head: Head | undefined, me: User): Permissions {
  if (!head || row.seq === undefined || row.deleted || row.system || head.room.archived_at !== undefined) return NONE;
  const moderates = head.role !== 'member' && head.room.kind !== 'dm';
  const rules = moderates || me.role === 'owner' || me.role === 'admin';
  const { post } = rightsOf(head);
  return { post, edit: row.mine, remove: row.mine || (rules && head.room.kind !== 'dm') };
}
