import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const BINARY = process.env.PARLEY_BIN ?? resolve(import.meta.dirname, '../../bin/parley');
const ROOT = import.meta.dirname;

/** With these its owner is asked nothing at the first sign-in. */
export const SET_UP = ['--name', 'Parley', '--registration', 'open'];

/** The real server on a database of its own, which outlives kills and restarts. */
export class Server {
  #flags;
  #folder;
  #process;
  #log = '';
  url = '';

  static async start(...flags) {
    const server = new Server();
    server.#flags = flags;
    server.#folder = await mkdtemp(join(tmpdir(), 'parley-e2e-'));
    await server.start();
    return server;
  }

  get data() {
    return join(this.#folder, 'data');
  }

  /** Starts again after `kill` or `stop`, at the address it had. */
  async start() {
    const listen = this.url ? new URL(this.url).host : '127.0.0.1:0';
    const args = ['serve', '--listen', listen, '--data', this.data, ...this.#flags];
    this.#process = spawn(BINARY, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process.stderr.on('data', (chunk) => (this.#log += chunk));
    const gone = once(this.#process, 'exit').then(() => {
      throw new Error(`the server stopped before it served:\n${this.#log}`);
    });
    const ready = once(createInterface(this.#process.stdout), 'line');
    const [line] = await Promise.race([ready, gone]);
    gone.catch(() => undefined); // from here on its end is expected
    this.url = /http:\/\/\S+/.exec(line)?.[0] ?? '';
    if (!this.url) throw new Error(`the server's first line names no address: ${line}`);
  }

  /** kill -9: nothing is flushed that was not. */
  async kill() {
    await this.#end('SIGKILL');
  }

  /** A planned stop. */
  async stop() {
    await this.#end('SIGTERM');
  }

  async remove() {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #end(signal) {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exit = once(this.#process, 'exit');
    this.#process.kill(signal);
    await exit;
  }
}
