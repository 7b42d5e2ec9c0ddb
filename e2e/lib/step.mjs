import { test } from 'node:test';

let broken;
const witnesses = [];

/** Called once, when a step has failed: to keep pictures of what was to be seen. */
export function onBroken(look) {
  witnesses.push(look);
}

/** One step of a file's story. The steps build on each other: after one has failed, those behind it fail at once. */
export function step(name, run) {
  test(name, async () => {
    if (broken) throw new Error(`not tried, because “${broken}” failed`);
    try {
      await run();
    } catch (error) {
      broken = name;
      await Promise.allSettled(witnesses.map((look) => look(name)));
      throw error;
    }
  });
}
