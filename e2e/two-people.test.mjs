import assert from 'node:assert/strict';
import { stage } from './lib/stage.mjs';
import { step } from './lib/step.mjs';

const scene = stage();
let ann;
let bob;
let chen;

step('three people sign in for the first time, each in a profile of their own', async () => {
  ann = await scene.joins('Ann');
  await ann.page.getByText('Welcome, Ann. Your account was created.').waitFor();
  bob = await scene.joins('Bob');
  chen = await scene.joins('Chen');
});

step('a typing error in the name creates no account', async () => {
  const typo = await scene.arrives('Amn');
  await typo.fillIn();
  await typo.button('Back').click();
  await typo.page.getByLabel('Name', { exact: true }).waitFor();
  await typo.fillIn();
  await typo.page.getByText('Nobody here is called Amn yet. Create the account?').waitFor();
});

step('a wrong password pops up, and Esc leads back to the password', async () => {
  const stranger = await scene.arrives('Ann');
  await stranger.fillIn('not her password');
  const popUp = stranger.page.getByRole('alertdialog');
  await popUp.waitFor();
  assert.equal(await popUp.getByRole('heading').textContent(), 'Incorrect username or password');
  assert.equal(await focusedText(stranger), 'Try again');

  await stranger.page.keyboard.press('Escape');
  await popUp.waitFor({ state: 'detached' });
  const selection = await stranger.page.evaluate(() => {
    const { name, selectionStart, selectionEnd } = document.activeElement;
    return { name, selectionStart, selectionEnd };
  });
  assert.deepEqual(selection, {
    name: 'password',
    selectionStart: 0,
    selectionEnd: 'not her password'.length,
  });
  assert.equal(await stranger.page.getByLabel('Name', { exact: true }).inputValue(), 'Ann');
});

step('what one writes to everyone, everyone sees', async () => {
  await ann.send('Good morning, all', 'Send to everyone');
  await ann.sent('Good morning, all');
  await Promise.all([bob.sees('Good morning, all'), chen.sees('Good morning, all')]);
});

step('what one writes to one person, a third does not see', async () => {
  await ann.choose('Bob');
  await ann.page.getByText('Only you and Bob will see this.').waitFor();
  await ann.send('the key is under the mat', 'Send to Bob');
  await ann.page.getByText('Sent to Bob.').waitFor();
  await bob.open('Ann');
  await bob.sees('the key is under the mat');

  // Chen's next message from Ann comes after it: what has not come by then was not sent to Chen.
  await ann.box.press('Escape');
  await ann.send('Lunch at noon?', 'Send to everyone');
  await chen.sees('Lunch at noon?');
  assert.equal(await chen.page.getByText('the key is under the mat').count(), 0);
  assert.ok(chen.frames.length > 0, 'the frames to Chen were not recorded');
  assert.deepEqual(
    chen.frames.filter((frame) => frame.includes('under the mat')),
    [],
  );
});

step('private words do not go to everyone without a question', async () => {
  await ann.choose('Bob');
  await ann.box.fill('do not tell Chen');
  await ann.button('Send to everyone').click();
  const guard = ann.page.getByRole('alertdialog', {
    name: 'You wrote this to Bob. Send it to everyone?',
  });
  await guard.waitFor();
  assert.equal(await focusedText(ann), 'Keep private');
  await ann.page.keyboard.press('Enter');
  await guard.waitFor({ state: 'detached' });
  assert.equal(await ann.box.inputValue(), 'do not tell Chen');
  await ann.box.fill('');
  await ann.box.press('Escape');
});

step('a private room is for those who were invited', async () => {
  await ann.createRoom('Design', { kind: 'Private', members: ['Bob'] });
  await ann.send('The new header is in', 'Send to everyone in Design');
  await ann.sent('The new header is in');

  await bob.open('Design');
  await bob.sees('The new header is in');
  await bob.send('Looks great', 'Send to everyone in Design');
  await ann.sees('Looks great');
  assert.equal(await chen.link('Design').count(), 0);
  assert.deepEqual(
    chen.frames.filter((frame) => frame.includes('new header')),
    [],
  );
});

step('an open room is found, looked into, joined and left', async () => {
  await bob.createRoom('Music');
  await bob.send('Listen to this', 'Send to everyone in Music');
  await bob.sent('Listen to this');

  await chen.button('Browse rooms').click();
  await chen.button('Look into Music').click();
  await chen.sees('Listen to this');
  await chen.button('Join').click();
  await chen.send('I like it', 'Send to everyone in Music');
  await bob.sees('I like it');
  // The header said "0 online" until the details had been opened.
  await bob.page.getByText('2 members · 2 online').waitFor();

  await chen.button('Details').click();
  await chen.button('Leave').click();
  const ask = chen.page.getByRole('alertdialog', { name: 'Leave Music?' });
  await ask.getByText('You can rejoin any time.').waitFor();
  await ask.getByRole('button', { name: 'Leave' }).click();
  await chen.link('Music').waitFor({ state: 'detached' });
});

step('people are invited to a room and are members at once', async () => {
  await bob.open('Music');
  await bob.button('Details').click();
  await bob.button('Invite').click();
  const dialog = bob.page.getByRole('dialog', {
    name: 'Invite people to Music',
  });
  await dialog.getByRole('checkbox', { name: 'Ann' }).check();
  await dialog.getByRole('button', { name: 'Invite 1 person' }).click();
  await dialog.waitFor({ state: 'detached' });
  await ann.open('Music');
  await ann.sees('I like it');
});

step('after a kill -9 everything is still there, and the pages catch up by themselves', async () => {
  await Promise.all([ann.open('Everyone'), bob.open('Everyone'), chen.open('Everyone')]);
  await scene.server.kill();
  await bob.send('Did the light just go out?', 'Send to everyone');
  await scene.server.start();

  await bob.sent('Did the light just go out?');
  await Promise.all([ann.sees('Did the light just go out?'), chen.sees('Did the light just go out?')]);
  await chen.send('Here as well', 'Send to everyone');
  await ann.sees('Here as well');
  assert.deepEqual(await ann.texts(), [
    'Good morning, all',
    'Lunch at noon?',
    'Did the light just go out?',
    'Here as well',
  ]);

  const elsewhere = await scene.arrives('Ann');
  await elsewhere.signIn();
  await elsewhere.open('Bob');
  await elsewhere.sees('the key is under the mat');
  await elsewhere.open('Design');
  await elsewhere.sees('Looks great');
});

step('signing out ends the session', async () => {
  await chen.signOut();
  await chen.page.reload();
  await chen.page.getByLabel('Password', { exact: true }).waitFor();
});

function focusedText(person) {
  return person.page.evaluate(() => document.activeElement?.textContent?.trim());
}
