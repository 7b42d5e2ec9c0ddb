import type { ServerEvent } from '../net/link';
import type { Events, Head, Me, Message, ShortUser } from '../wire';
import type { Chat } from './chat.svelte';
import type { EndReason } from './client.svelte';
import { isMuted, titleOf } from './keys';

/** Hands an event of the server to the part of the chat that it is about. */
export function hear(chat: Chat, { name, payload }: ServerEvent, ended: (reason: EndReason) => void): void {
  switch (name) {
    case 'message:new':
      return messageNew(chat, payload);
    case 'message:changed':
      chat.rooms.apply(payload.room, { rev: payload.rev, message: payload.message });
      return;
    case 'room:new':
      return roomNew(chat, payload);
    case 'room:changed':
      chat.rooms.apply(payload.room.id, payload);
      return;
    case 'member:changed':
      return memberChanged(chat, payload);
    case 'room:head':
      return roomHead(chat, payload);
    case 'room:removed':
      return roomRemoved(chat, payload);
    case 'read:changed':
      return chat.rooms.readElsewhere(payload);
    case 'delivered':
      return chat.rooms.delivered(payload);
    case 'typing':
      return chat.typing.show(payload);
    case 'presence':
      return chat.people.presences(payload);
    case 'user:changed':
      return userChanged(chat, payload.user);
    case 'server:changed':
      return chat.server.changed(payload);
    case 'wire:trace':
      for (const tell of chat.tracers) tell(payload);
      return;
    case 'session:revoked':
      return ended(payload.reason);
    default:
      // Events of later protocols are none of ours.
      return;
  }
}

function messageNew(chat: Chat, { room, rev, message }: Events['message:new']): void {
  const verdict = chat.rooms.apply(room, { rev, message });
  chat.rooms.answered(message);
  chat.typing.hide(room, message.author.id);
  if (verdict === 'applied' && message.author.id !== chat.me.id) announce(chat, message);
}

function userChanged(chat: Chat, user: Me): void {
  chat.people.changed(user);
  if (user.id !== chat.me.id) return;
  const before = chat.account.shows('presence');
  chat.me = user;
  if (chat.account.shows('presence') !== before) chat.people.watchAnew();
}

/** Rooms that nobody looks at tell only how far they are. */
function roomHead(chat: Chat, head: Head): void {
  const before = chat.rooms.get(head.room.id)?.head.unread ?? 0;
  chat.rooms.head(head);
  const last = head.last_message;
  if (last && last.author.id !== chat.me.id && head.unread > before) announce(chat, last, head.unread - before);
}

function roomNew(chat: Chat, event: Events['room:new']): void {
  chat.rooms.head(event);
  chat.invitations.add(event, event.by);
  void chat.conversation?.refresh();
}

function memberChanged(chat: Chat, { room, rev, user, role, joined, left }: Events['member:changed']): void {
  const members = left ? -1 : joined ? 1 : 0;
  chat.rooms.apply(room, { rev, members, ...(role && user.id === chat.me.id && { role }) });
  // Lost with the connection, it is asked again with the next one.
  if (joined) chat.people.met(user).catch(() => undefined);
}

function roomRemoved(chat: Chat, event: Events['room:removed']): void {
  const title = titleOf(chat.rooms.get(event.room)?.head.room, chat.words, (peer) => peer.display_name);
  const wasOpen = chat.conversation?.roomId === event.room;
  chat.rooms.removed(event.room);
  chat.invitations.answered(event.room);
  if (event.reason === 'kicked') chat.notices.add(chat.words.removed(title));
  if (wasOpen) chat.openEveryone();
}

/** Says a message of somebody else, the last of `count`, with a tone and to screen readers, as it is wanted here. */
function announce(chat: Chat, message: Message, count = 1): void {
  const room = chat.rooms.get(message.room);
  if (!room || message.kind === 'system') return;
  const nameOf = (user: ShortUser) => chat.people.nameOf(user.id, user);
  const here = chat.conversation?.roomId === message.room;
  const mentioned = message.mentions.some((id) => id === chat.me.id || id === 'everyone');
  const muted = isMuted(room.head, chat.host.now());
  const alert = { here, muted, toMe: room.head.room.kind === 'dm' ? !muted : mentioned };
  chat.alerts.heard(alert);
  if (!chat.alerts.speaks(alert)) return;
  const where = titleOf(room.head.room, chat.words, nameOf);
  chat.announcer.message({ where, here, author: nameOf(message.author), text: message.body, count });
}
