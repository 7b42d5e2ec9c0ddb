import type { Host } from '../lib/host';
import type { Link } from '../net/link';
import type { Me } from '../wire';
import type { Account } from './account.svelte';
import type { Announcer } from './announcer.svelte';
import type { Directory } from './directory.svelte';
import type { Drafts } from './drafts.svelte';
import type { Messages } from './messages.svelte';
import type { Outbox } from './outbox.svelte';
import type { People } from './people.svelte';
import type { Rooms } from './rooms.svelte';
import type { Typing } from './typing.svelte';
import type { Speech } from './words';

/** What the conversations of one account share. */
export interface Services extends Speech {
  /** The signed-in user, as of now. */
  me: Me;
  readonly host: Host;
  readonly link: Link;
  readonly rooms: Rooms;
  readonly people: People;
  readonly directory: Directory;
  readonly drafts: Drafts;
  readonly messages: Messages;
  readonly outbox: Outbox;
  readonly typing: Typing;
  readonly account: Account;
  readonly announcer: Announcer;
}
