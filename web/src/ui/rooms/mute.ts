import type { NotifyLevel } from '../../wire';

const HOUR = 3_600_000;
const MORNING = 8;

/** A mute without an end, as a time far away. */
export const FOR_EVER = Date.UTC(9999, 0, 1);

export const muteEnds = ['hour', 'tomorrow', 'always'] as const;
export type MuteEnd = (typeof muteEnds)[number];

/** When a mute that begins `now` ends, in milliseconds since 1970; tomorrow begins at eight in the morning. */
export function muteEnd(end: MuteEnd, now: number): number {
  if (end === 'hour') return now + HOUR;
  if (end === 'always') return FOR_EVER;
  const morning = new Date(now);
  morning.setDate(morning.getDate() + 1);
  return morning.setHours(MORNING, 0, 0, 0);
}

/** Until when a room is muted; undefined: it is not, or no more. */
export function mutedUntil({ muted_until: until }: NotifyLevel, now: number): number | undefined {
  const at = until === undefined ? 0 : Date.parse(until);
  return at > now ? at : undefined;
}
