import { beforeEach, expect, test } from 'vitest';
import { settled } from '../testing/fakehost';
import { FakeServer } from '../testing/fakeserver';
import { Person, newDevice } from '../testing/fixture';

beforeEach(newDevice);

const EVERYONE = '1';

async function annWriting() {
  const server = new FakeServer('ann', 'bob');
  const ann = await Person.at(server, 'ann');
  await ann.open(EVERYONE);
  return { server, ann, composer: ann.here.composer, attached: ann.here.composer.attached };
}

const picture = (name = 'header.png', bytes = 8) => new File([new Uint8Array(bytes)], name, { type: 'image/png' });
const files = (server: FakeServer) =>
  server
    .room(EVERYONE)
    .messages.at(-1)
    ?.files.map((file) => file.name);

test('a file goes with the words, or without any', async () => {
  const { server, ann, composer, attached } = await annWriting();
  attached.add([picture(), picture('second.png')]);
  await settled();
  expect(attached.items.map((upload) => upload.state)).toEqual(['done', 'done']);
  composer.send();
  await settled();
  expect(files(server)).toEqual(['header.png', 'second.png']);
  expect(attached.items).toEqual([]);
  expect(ann.rows.at(-1)?.files).toHaveLength(2);
});

test('it may be sent while it is still on its way', async () => {
  const { server, ann, composer, attached } = await annWriting();
  server.takesFiles = false;
  attached.add([picture()]);
  composer.write('look');
  composer.send();
  await settled();
  expect(ann.rows.at(-1)).toMatchObject({ body: 'look', state: 'sending' });
  expect(ann.rows.at(-1)?.uploads[0]?.state).toBe('waiting');
  server.takesFiles = true;
  await ann.host.advance(5000);
  expect(files(server)).toEqual(['header.png']);
  expect(ann.rows.at(-1)).toMatchObject({ body: 'look', state: 'sent' });
});

test('it goes on when the connection is back', async () => {
  const { server, ann, attached } = await annWriting();
  server.takesFiles = false;
  attached.add([picture()]);
  await settled();
  ann.link.cut();
  server.takesFiles = true;
  ann.link.connect();
  await settled();
  expect(attached.items[0]?.state).toBe('done');
});

test('a message with a file survives the page', async () => {
  const { server, ann, composer, attached } = await annWriting();
  server.takesFiles = false;
  attached.add([picture()]);
  composer.write('look');
  composer.send();
  await settled();
  server.takesFiles = true;
  await ann.reload();
  await settled();
  expect(files(server)).toEqual(['header.png']);
});

test('a file that is too large says so, by name, and the others go', async () => {
  const { server, ann, composer, attached } = await annWriting();
  const large = picture('spec.pdf');
  Object.defineProperty(large, 'size', { value: 130_000_000 });
  attached.add([large, picture()]);
  await settled();
  expect(attached.items[0]).toMatchObject({
    state: 'failed',
    problem: 'spec.pdf is 130 MB. The limit here is 100 MB.',
  });
  composer.send();
  await settled();
  expect(files(server)).toEqual(['header.png']);
  expect(attached.items.map((upload) => upload.record.name)).toEqual(['spec.pdf']);
  expect(ann.rows).toHaveLength(1);
});

test('what the server refuses after the message was sent is shown on the message', async () => {
  const { server, ann, composer, attached } = await annWriting();
  server.takesFiles = false;
  attached.add([picture('large.png')]);
  composer.send();
  await settled();
  server.takesFiles = true;
  await ann.host.advance(5000);
  expect(ann.rows.at(-1)).toMatchObject({ state: 'failed' });
  expect(server.room(EVERYONE).messages).toEqual([]);
});

test('a description goes with its file, also when it comes later', async () => {
  const { server, composer, attached } = await annWriting();
  attached.add([picture()]);
  await settled();
  const [upload] = attached.items;
  if (!upload) expect.unreachable();
  upload.alt = 'The new header';
  attached.describe(upload);
  await settled();
  composer.send();
  await settled();
  expect(server.room(EVERYONE).messages.at(-1)?.files[0]?.alt).toBe('The new header');
});

test('what was taken away is not sent, and no more than ten go at once', async () => {
  const { server, composer, attached } = await annWriting();
  attached.add(Array.from({ length: 11 }, (_, n) => picture(`${n}.png`)));
  expect(attached.items).toHaveLength(10);
  expect(attached.problem).toBe('A message has 10 files at most.');
  for (const upload of attached.items.slice(1)) attached.remove(upload);
  composer.send();
  await settled();
  expect(files(server)).toEqual(['0.png']);
});

test('a file waits while it is paused, and goes on when it is wanted or sent', async () => {
  const { server, ann, composer, attached } = await annWriting();
  server.takesFiles = false;
  attached.add([picture(), picture('second.png')]);
  await settled();
  for (const upload of attached.items) attached.pause(upload);
  server.takesFiles = true;
  await ann.host.advance(60_000);
  ann.link.cut();
  ann.link.connect();
  await settled();
  expect(attached.items.map((upload) => upload.state)).toEqual(['paused', 'paused']);
  const [first] = attached.items;
  if (first) attached.pause(first);
  await settled();
  expect(attached.items.map((upload) => upload.state)).toEqual(['done', 'paused']);
  composer.send();
  await settled();
  expect(files(server)).toEqual(['header.png', 'second.png']);
});
