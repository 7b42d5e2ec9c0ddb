import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeHost } from '../testing/fakehost';
import { RequestError } from './requesterror';
import { SocketLink } from './socketlink';

/** Refuses every connection, and counts them. */
let server: Server;
let attempts: number;
let link: SocketLink;
let host: FakeHost;

beforeEach(async () => {
  attempts = 0;
  server = createServer((_request, response) => response.writeHead(503).end());
  server.on('upgrade', (_request, socket) => {
    attempts++;
    socket.destroy();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  host = new FakeHost();
  const { port } = server.address() as AddressInfo;
  link = new SocketLink(host, { url: `http://127.0.0.1:${port}` });
});

afterEach(async () => {
  link.close();
  await new Promise((closed) => server.close(closed));
});

function open() {
  const heard: string[] = [];
  const hear = (what: string) => () => void heard.push(what);
  link.open({ up: hear('up'), down: hear('down'), unidentified: hear('unidentified'), event: hear('event') });
  return heard;
}

/** Until the link waits for its next attempt: time stands still, and only then there is a timer. */
async function waiting() {
  await expect.poll(() => host.waiting).toBe(1);
}

test('a refused connection is tried again after a wait, and at once when asked', async () => {
  open();
  await waiting();
  expect(attempts).toBe(1);
  await host.advance(2_000);
  await expect.poll(() => attempts).toBe(2);
  await waiting();
  link.retry();
  await expect.poll(() => attempts).toBe(3);
  await waiting();
});

test('waits become longer, up to half a minute', async () => {
  open();
  for (const shortest of [1_000, 2_000, 4_000, 8_000, 15_000, 15_000]) {
    await waiting();
    const before = attempts;
    await host.advance(shortest - 1);
    expect(attempts).toBe(before);
    await host.advance(15_001);
    await expect.poll(() => attempts).toBe(before + 1);
  }
});

test('a link that is closed does not try again', async () => {
  open();
  await waiting();
  link.close();
  link.retry();
  expect(host.waiting).toBe(0);
  await host.advance(60_000);
  expect(attempts).toBe(1);
});

test('without a connection a request is refused at once', async () => {
  const heard = open();
  await waiting();
  await expect(link.request('sync', {})).rejects.toThrow(RequestError);
  await expect(link.request('sync', {})).rejects.toMatchObject({ code: 'offline' });
  expect(heard).toEqual([]);
});
