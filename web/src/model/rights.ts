import type { Head, RoomRole } from '../wire';

/** What somebody may do in a room, as far as the room tells; the server has the last word. */
export interface Rights {
  readonly post: boolean;
  readonly invite: boolean;
  readonly leave: boolean;
  /** Topic, and who may post. */
  readonly update: boolean;
  /** Name, archive. */
  readonly rename: boolean;
  /** Give and take roles. */
  readonly appoint: boolean;
  /** Remove a member with this role. */
  kick(role: RoomRole): boolean;
}

export function rightsOf({ room, role }: Head): Rights {
  const named = room.kind === 'public' || room.kind === 'private';
  const moderates = role !== 'member' && room.kind !== 'dm';
  const open = room.archived_at === undefined;
  return {
    post: open && (room.post_policy !== 'moderators' || role !== 'member'),
    invite: open && named && (room.kind === 'public' || moderates),
    leave: named,
    update: open && moderates,
    rename: named && moderates,
    appoint: named && role === 'owner',
    kick: (theirs) => named && moderates && (theirs === 'member' || role === 'owner'),
  };
}
