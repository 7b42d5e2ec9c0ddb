// WCAG 1.4.4: a browser whose text is set to twice the usual size.
import assert from 'node:assert/strict';
import { cut } from './lib/looks.mjs';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';
import { settle, walk } from './lib/walk.mjs';

const scene = stage({ browser: ['--blink-settings=defaultFontSize=32'] });
const device = { viewport: { width: 1280, height: 800 } };
let ground;

step('people have talked for a while', async () => {
  ground = await settle(scene, 'en');
});

step('every screen keeps all its words with text at 200 %', async () => {
  assert.equal((await walk(scene, ground, { device, looks: [cut] })).join('\n'), '');
});
