import type { Chat, Id } from '../../model';
import type { Dot } from '../../model/wireview.svelte';
import type { Trace } from '../../wire';
import { t } from '../text/text';

/** What a room is called here: its title in the sidebar. */
export function roomName(room: Id | undefined, chat: Chat): string {
  const { rooms, directs } = chat.sidebar;
  const named = [...rooms, ...directs].find((item) => item.key === room)?.title;
  return named ?? (room === undefined ? '' : (chat.rooms.get(room)?.head.room.peers?.[0]?.display_name ?? ''));
}

/** To whom an event went: "Room: Design". */
export function scopeName({ scope, room, dir }: Trace, chat: Chat): string {
  if (dir === 'in') return t.wire.toServer;
  const name = scope === 'room' ? roomName(room, chat) : '';
  return name ? t.wire.roomScope(name) : t.wire.scopes[scope];
}

/** The drawing of an event as one sentence. */
export function describe(trace: Trace, chat: Chat, dots: readonly Dot[]): string {
  if (trace.dir === 'in') return t.wire.drawingIn(trace.event);
  const names = dots.filter((dot) => trace.to.includes(dot.alias)).map((dot) => (dot.self ? t.wire.thisTab : dot.name));
  const list = chat.words.list(names);
  return t.wire.drawing(trace.event, scopeName(trace, chat), trace.reached, trace.of, list);
}
