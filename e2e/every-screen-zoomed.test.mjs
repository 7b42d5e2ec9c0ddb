// WCAG 1.4.10 and 2.4.11: a window of 1280 by 1024 pixels at 400 % is one of 320 by 256.
import assert from 'node:assert/strict';
import { cut, hiddenFocus } from './lib/looks.mjs';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';
import { settle, walk } from './lib/walk.mjs';

const scene = stage();
const device = { viewport: { width: 320, height: 256 } };
let ground;

step('people have talked for a while', async () => {
  ground = await settle(scene, 'en');
});

step('every screen can be read and used at 400 %, scrolling one way', async () => {
  assert.equal((await walk(scene, ground, { device, looks: [cut, hiddenFocus] })).join('\n'), '');
});
