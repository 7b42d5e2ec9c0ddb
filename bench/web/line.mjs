import { once } from 'node:events';
import { connect, createServer } from 'node:net';

const BYTES_PER_MS = 200; // 1.6 Mbit/s
const ONE_WAY_MS = 75;
const HANDSHAKE_MS = 2 * ONE_WAY_MS;

/** A slow line to the server: 1.6 Mbit/s each way for all connections together, and 150 ms there and back. */
export class Line {
  #server;
  #sockets = new Set();
  /** When each direction has sent what it was given. */
  #free = { up: 0, down: 0 };
  url = '';

  static async to(target) {
    const line = new Line();
    const { hostname, port } = new URL(target);
    line.#server = createServer((near) => line.#join(near, connect(Number(port), hostname)));
    line.#server.listen(0, '127.0.0.1');
    await once(line.#server, 'listening');
    line.url = `http://127.0.0.1:${line.#server.address().port}`;
    return line;
  }

  async close() {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #join(near, far) {
    const opened = performance.now() + HANDSHAKE_MS;
    this.#carry(near, far, 'up', opened);
    this.#carry(far, near, 'down', opened);
  }

  #carry(from, to, way, opened) {
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (bytes) => {
      const now = performance.now();
      this.#free[way] = Math.max(this.#free[way], now, opened) + bytes.length / BYTES_PER_MS;
      setTimeout(() => to.write(bytes), this.#free[way] + ONE_WAY_MS - now);
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
