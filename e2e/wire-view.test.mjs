import assert from 'node:assert/strict';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';

const scene = stage();
let ann;
let bob;
let pane;

step('the wire view says what it is for, and draws what happens', async () => {
  ann = await scene.joins('Ann');
  bob = await scene.joins('Bob');
  await ann.button('Wire view').click();
  pane = ann.page.getByRole('complementary', { name: 'Wire view' });
  await pane.getByText('Every arrow is one event reaching one socket. Send something and watch.').waitFor();
  await bob.send('hello', 'Send to everyone');
  await row(/^Everyone/, 'message:new').waitFor();
  await pane
    .getByRole('img', {
      name: /^message:new, Everyone: 2 of 2 sockets got it: this tab and Bob\.$/,
    })
    .waitFor();
  await pane.getByText('io.emit("message:new", …)').waitFor();
});

step('a wave to everyone but me reaches my second tab, and not this one', async () => {
  const second = await ann.context.newPage();
  await second.goto('/');
  await second.getByRole('navigation', { name: 'Conversations' }).waitFor();
  await pane.getByRole('combobox').selectOption('Everyone but me');
  await pane.getByRole('button', { name: 'Play', exact: true }).click();
  await pane
    .getByRole('img', {
      name: /^wire:wave, Everyone but me: 2 of 3 sockets got it: .*Ann 2/,
    })
    .waitFor();
  await pane.getByRole('radio', { name: 'Go' }).check();
  await pane.getByText('socket.Broadcast().Emit("wire:wave", …)').waitFor();
  await second.close();
});

step('only me is an ack or an emit to one socket', async () => {
  await pane.getByRole('combobox').selectOption('Only me');
  await pane.getByRole('button', { name: 'Play', exact: true }).click();
  await pane
    .getByRole('img', {
      name: /^wire:wave, Only me: 1 of [23] sockets got it: this tab\.$/,
    })
    .waitFor();
});

step('a room reaches those who are in it', async () => {
  await ann.createRoom('Design');
  await pane.getByRole('combobox').selectOption('Room: Design');
  await pane.getByRole('button', { name: 'Play', exact: true }).click();
  await pane
    .getByRole('img', {
      name: /^wire:wave, Room: Design: 1 of 2 sockets got it: this tab\.$/,
    })
    .waitFor();
  await pane.getByText('io.To("design").Emit("wire:wave", …)').waitFor();
});

step('one guesses first, and then sees', async () => {
  await pane.getByRole('combobox').selectOption('Everyone');
  await pane.getByRole('button', { name: 'Guess first' }).click();
  await pane.getByRole('checkbox', { name: /this tab/ }).check();
  await pane.getByRole('checkbox', { name: 'Bob' }).check();
  await pane.getByRole('button', { name: 'Send the wave' }).click();
  await pane.getByText('Right. These are the sockets that it reached.').waitFor();
  await pane.getByRole('button', { name: 'Done' }).click();
});

step('paused, nothing moves; an earlier event can be looked at', async () => {
  await pane.getByRole('button', { name: 'Pause' }).click();
  const before = await pane.getByRole('row').count();
  await bob.send('not seen here', 'Send to everyone');
  await bob.sent('not seen here');
  assert.equal(await pane.getByRole('row').count(), before);
  await row(/^Everyone/, 'message:new')
    .first()
    .getByRole('button')
    .click();
  await pane.getByRole('img', { name: /^message:new, Everyone/ }).waitFor();
  await pane.getByRole('button', { name: 'Go on' }).click();
});

step('events are announced for those who ask for it', async () => {
  await pane.getByRole('checkbox', { name: 'Announce events' }).check();
  await bob.send('aloud', 'Send to everyone');
  await ann.page.locator('[aria-live=polite]', { hasText: /sockets got it/ }).waitFor({ state: 'attached' });
});

step('Ctrl+. closes and opens it; who may not look is told so', async () => {
  await ann.page.keyboard.press('Control+.');
  await pane.waitFor({ state: 'detached' });
  await bob.page.keyboard.press('Control+.');
  await bob.page.getByText('The wire view is not for you on this server.').waitFor();
});

function row(scope, event) {
  return pane
    .getByRole('row')
    .filter({ has: ann.page.getByRole('button', { name: scope }) })
    .filter({ hasText: event });
}
