import type { Head, Id, ShortUser } from '../wire';

/** Somebody has brought me into a room. */
export interface Invitation {
  readonly room: Id;
  readonly name: string;
  /** Whether one can come back without a new invitation. */
  readonly open: boolean;
  readonly by: ShortUser;
}

/** The cards "Bob added you to Design", until each is answered. They are of this page only: the room itself stays. */
export class Invitations {
  items: readonly Invitation[] = $state.raw([]);

  /** A room is new for me; no card for those that I came to myself, and for direct ones. */
  add({ room }: Head, by: ShortUser | undefined): void {
    if (!by || room.kind === 'dm' || room.kind === 'everyone') return;
    this.answered(room.id);
    this.items = [...this.items, { room: room.id, name: room.name ?? '', open: room.kind === 'public', by }];
  }

  /** The room was opened, or left. */
  answered(room: Id): void {
    this.items = this.items.filter((invitation) => invitation.room !== room);
  }
}
