import { openDisk } from '../lib/disk';
import type { Host } from '../lib/host';
import { RequestError } from '../net/requesterror';
import type { Rest } from '../net/rest';
import { SocketLink } from '../net/socketlink';
import type { ShortUser } from '../wire';
import { Chat } from './chat.svelte';
import type { EndReason } from './client.svelte';
import { TABLES, type Tables } from './tables';
import { HttpUploader } from '../net/uploader';
import type { Speech } from './words';

/** Opens the chat of an account from this device, and begins to connect. Loaded after the sign-in. */
export async function openChat(
  account: ShortUser,
  host: Host,
  rest: Rest,
  speech: Speech,
  ended: (reason: EndReason) => void,
): Promise<Chat> {
  const disk = await openDisk<Tables>(`parley-${account.id}`, TABLES);
  const identified = () => isSignedIn(rest, account);
  const chat = new Chat({
    account,
    host,
    link: new SocketLink(host),
    disk,
    files: new HttpUploader(),
    speech,
    identified,
    ended,
  });
  await chat.start();
  return chat;
}

async function isSignedIn(rest: Rest, account: ShortUser): Promise<boolean> {
  try {
    return (await rest.me()).id === account.id;
  } catch (error) {
    if (error instanceof RequestError && error.code === 'unauthorized') return false;
    throw error;
  }
}
