import type { Disk } from '../lib/disk';
import type { Registration, Server, ServerSettings } from '../wire';
import type { Tables } from './tables';

const DEFAULT_NAME = 'Parley';

/** What the server says of itself. Its name is known without a connection too. */
export class ServerFacts {
  name = $state(DEFAULT_NAME);
  /** What runs on the other side; '' until it has told. */
  version = $state('');
  registration: Registration = $state('closed');
  /** What its operator has decided, and nobody changes from here. */
  fixed: ServerSettings['fixed'] = $state.raw([]);
  /** I own it, and have neither set it up nor said that it is fine as it is. */
  isNew = $state(false);
  readonly #disk: Disk<Tables>;

  constructor(disk: Disk<Tables>) {
    this.#disk = disk;
  }

  /** Reads what this device has. */
  async load(): Promise<void> {
    this.name = (await this.#disk.get('facts', 'server')) ?? DEFAULT_NAME;
  }

  ready(server: Server): void {
    this.changed(server);
    this.version = server.version;
    this.isNew = server.new ?? false;
  }

  changed({ name, registration, fixed }: ServerSettings): void {
    this.name = name || DEFAULT_NAME;
    this.registration = registration;
    this.fixed = fixed;
    this.#disk.save('facts', 'server', this.name);
  }
}
