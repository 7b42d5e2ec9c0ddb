import { once } from 'node:events';
import { fromWeb } from '../../e2e/lib/packages.mjs';
import { PASSWORD } from '../../e2e/lib/person.mjs';

const { io } = fromWeb('socket.io-client');
const WRITERS = 8;
const AT_ONCE = 32; // messages of each writer that wait for their acknowledgement
const SMALL_ROOMS = 12;
const SMALL_ROOM = 100; // messages in each
const TELL_EVERY = 20_000;
const WORDS = 'the page header moves below spacing when somebody reads it again after lunch on friday morning'.split(
  ' ',
);

/** A server with one long room and some small ones, filled by people who write over sockets as fast as they can. */
export class Archive {
  /** Who looks at it, and is written to. */
  reader = 'reader';
  small = [];
  room = { name: 'Archive', id: '' };
  #url;
  #reader;
  #sockets = [];
  #written = 0;

  static async fill(url, messages, tell) {
    const archive = new Archive();
    archive.#url = url;
    archive.#reader = await archive.#come(archive.reader);
    for (let n = 1; n <= WRITERS; n++) archive.#sockets.push(await archive.#come(`writer${n}`));
    archive.room = await archive.#found(archive.room.name, messages, tell);
    for (let n = 1; n <= SMALL_ROOMS; n++) {
      archive.small.push(await archive.#found(`Small ${n}`, SMALL_ROOM, tell));
    }
    await archive.isRead();
    return archive;
  }

  /** Writes to the long room at a rate for some seconds. Resolves with how many messages the server has taken. */
  async talk(perSecond, seconds) {
    const began = performance.now();
    const count = perSecond * seconds;
    const sent = [];
    while (sent.length < count) {
      const due = Math.min(count, Math.floor(((performance.now() - began) / 1000) * perSecond));
      while (sent.length < due) sent.push(this.#write(this.room.id));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await Promise.all(sent);
    return count;
  }

  /** The reader has read everything: rooms open at their end. */
  async isRead() {
    const { rooms } = await ask(this.#reader, 'sync', {});
    for (const { room, last_seq, unread } of rooms) {
      if (unread > 0) await ask(this.#reader, 'read:set', { room: room.id, seq: last_seq });
    }
  }

  close() {
    for (const socket of [this.#reader, ...this.#sockets]) socket.disconnect();
  }

  // Internal

  async #come(name) {
    const socket = io(this.#url, { forceNew: true, transports: ['websocket'] });
    await once(socket, 'connect');
    await ask(socket, 'auth:login', { name, password: PASSWORD });
    return socket;
  }

  /** A room of everybody, with so many messages. */
  async #found(name, messages, tell) {
    const { room } = await ask(this.#reader, 'room:create', { name });
    for (const socket of this.#sockets) await ask(socket, 'room:join', { room: room.id });
    const began = performance.now();
    let left = messages;
    const writer = async () => {
      while (left > 0) {
        const at = messages - --left;
        await this.#write(room.id);
        if (at % TELL_EVERY === 0) tell(`${name}: ${at} of ${messages} messages`);
      }
    };
    await Promise.all(Array.from({ length: WRITERS * AT_ONCE }, writer));
    const took = (performance.now() - began) / 1000;
    if (messages >= TELL_EVERY)
      tell(`${name}: filled in ${took.toFixed(0)} s, ${(messages / took).toFixed(0)} messages/s`);
    return { name, id: room.id };
  }

  #write(room) {
    const n = ++this.#written;
    return ask(this.#sockets[n % WRITERS], 'message:send', { room, body: text(n), cid: `archive-${n}` });
  }
}

async function ask(socket, event, input) {
  const answer = await socket.emitWithAck(event, input);
  if (!answer.ok) throw new Error(`${event}: ${answer.error.message}`);
  return answer;
}

/** Of several heights, with what real messages have in them. */
function text(n) {
  const words = Array.from({ length: 3 + ((n * 7) % 40) }, (_, at) => WORDS[(n * 5 + at * 3) % WORDS.length]).join(' ');
  if (n % 50 === 0) return `${n}: see this\n\n\`\`\`css\n.row-${n} {\n  inline-size: min(75ch, 100%);\n}\n\`\`\``;
  if (n % 20 === 0) return `${n}: two things are left\n\n1. ${words}\n2. **the rest** of it`;
  if (n % 10 === 0) return `${n}: *${words}* and \`code ${n}\`, see https://example.org/${n}`;
  return `${n}: ${words}`;
}
