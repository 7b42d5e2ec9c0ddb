import { once } from 'node:events';
import { fromWeb } from './packages.mjs';

const { io } = fromWeb('socket.io-client');
const BURST = 50; // what a person may send at once

/** Fills Everyone with messages `1` to `count`, in order, from as many people as the limits ask for. */
export async function crowd(url, count) {
  let written = 0;
  for (let n = 1; written < count; n++) {
    const socket = await loggedIn(url, n);
    for (let burst = 0; burst < BURST && written < count; burst++) {
      written++;
      const answer = await socket.emitWithAck('message:send', { body: line(written), cid: `crowd-${written}` });
      if (!answer.ok) throw new Error(`the crowd cannot write: ${answer.error.message}`);
    }
    socket.disconnect();
  }
}

/** Makes so many accounts. */
export async function gathered(url, count) {
  for (let n = 1; n <= count; n++) (await loggedIn(url, n)).disconnect();
}

async function loggedIn(url, n) {
  const socket = io(url, { forceNew: true });
  await once(socket, 'connect');
  const login = await socket.emitWithAck('auth:login', {
    name: `crowd${String.fromCodePoint(96 + n)}`,
    password: 'correct horse battery',
  });
  if (!login.ok) throw new Error(`the crowd cannot log in: ${login.error.message}`);
  return socket;
}

/** Of several heights, as real messages are. */
function line(n) {
  return `message ${n}${n % 3 === 0 ? ` ${'and a few words more '.repeat(n % 11)}`.trimEnd() : ''}`;
}
