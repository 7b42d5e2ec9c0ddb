import { expect, test } from 'vitest';
import { FOR_EVER, muteEnd, mutedUntil } from './mute';

const EVENING = new Date(2026, 10, 21, 22, 30).getTime();

test('a mute ends after an hour, in the next morning, or never', () => {
  expect(muteEnd('hour', EVENING) - EVENING).toBe(3_600_000);
  expect(new Date(muteEnd('tomorrow', EVENING))).toEqual(new Date(2026, 10, 22, 8));
  expect(muteEnd('always', EVENING)).toBe(FOR_EVER);
});

test('a mute that is over is none', () => {
  const muted_until = new Date(EVENING).toISOString();
  expect(mutedUntil({ level: 'all', muted_until }, EVENING - 1)).toBe(EVENING);
  expect(mutedUntil({ level: 'all', muted_until }, EVENING)).toBeUndefined();
  expect(mutedUntil({ level: 'all' }, EVENING)).toBeUndefined();
});
