// WCAG 1.4.12, 2.4.11, 2.5.3 and 2.5.8 with a mouse and room for three panes.
import assert from 'node:assert/strict';
import { cutWhenSpaced, hiddenFocus, misnamed, smallTargets } from './lib/looks.mjs';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';
import { settle, walk } from './lib/walk.mjs';

const scene = stage();
const device = { viewport: { width: 1280, height: 800 } };
let ground;

step('people have talked for a while', async () => {
  ground = await settle(scene, 'en');
});

step(
  'every target is large enough, is called what it shows, and the focus is never hidden, also with text spaced out',
  async () => {
    const looks = [smallTargets(24), misnamed, cutWhenSpaced, hiddenFocus];
    assert.equal((await walk(scene, ground, { device, looks })).join('\n'), '');
  },
);
