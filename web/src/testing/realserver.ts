import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The real server on a database of its own. After a stop it starts again at the same place. */
export class RealServer {
  url = '';
  #process: ChildProcess | undefined;
  readonly #data = mkdtempSync(join(tmpdir(), 'parley-data-'));

  async start(): Promise<void> {
    const listen = this.url === '' ? '127.0.0.1:0' : new URL(this.url).host;
    const binary = process.env.PARLEY_BIN;
    if (!binary) throw new Error('PARLEY_BIN is not set: run these tests with npm run test:server');
    const child = spawn(binary, ['serve', '--listen', listen, '--data', this.#data], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#process = child;
    for await (const line of createInterface({ input: child.stdout })) {
      this.url = line.replace('Parley is serving ', '');
      return;
    }
    throw new Error('the server stopped before it served');
  }

  /** Ends it at once, without a word to anybody. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Ends it as an operator does. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#data, { recursive: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (!child) return;
    const exited = new Promise((resume) => child.once('exit', resume));
    child.kill(signal);
    await exited;
    this.#process = undefined;
  }
}
