import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** A network cable between one person and the server, which can be pulled out and put back. */
export class Cable {
  #target;
  #server;
  #sockets = new Set();
  #port = 0;

  static async to(server) {
    const cable = new Cable();
    cable.#target = new URL(server.url);
    await cable.plug();
    return cable;
  }

  get url() {
    return `http://127.0.0.1:${this.#port}`;
  }

  async plug() {
    this.#server = createServer((near) => this.#join(near));
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = this.#server.address().port;
  }

  /** Cuts what is connected and refuses what comes. */
  async unplug() {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #join(near) {
    const far = connect(Number(this.#target.port), this.#target.hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      this.#sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}
