// WCAG 1.4.12 and 2.5.3 on a phone, where a finger needs 44 pixels.
import assert from 'node:assert/strict';
import { cutWhenSpaced, misnamed, smallTargets } from './lib/looks.mjs';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';
import { settle, walk } from './lib/walk.mjs';

const scene = stage();
const device = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
let ground;

step('people have talked for a while', async () => {
  ground = await settle(scene, 'en');
});

step('every target is large enough for a finger and is called what it shows, and spaced text is not cut', async () => {
  const looks = [smallTargets(44), misnamed, cutWhenSpaced];
  assert.equal((await walk(scene, ground, { device, looks })).join('\n'), '');
});
