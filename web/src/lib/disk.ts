import { openDB, type IDBPDatabase } from 'idb';

const VERSION = 1;

/** Records by key in named tables, on this device. Only `put` fails; what else cannot be written is not worth a word. */
export interface Disk<Tables extends object> {
  get<T extends keyof Tables & string>(table: T, key: string): Promise<Tables[T] | undefined>;
  all<T extends keyof Tables & string>(table: T): Promise<Tables[T][]>;
  /** Resolves when the record would survive the page; rejects when there is no place for it. */
  put<T extends keyof Tables & string>(table: T, key: string, record: Tables[T]): Promise<void>;
  /** Keeps the record if it can. */
  save<T extends keyof Tables & string>(table: T, key: string, record: Tables[T]): void;
  remove(table: keyof Tables & string, key: string): Promise<void>;
  clear(table: keyof Tables & string): Promise<void>;
  /** What was begun is finished. */
  close(): void;
}

/** Opens the disk called `name`. Where the browser denies one (some private windows), it lasts as long as the page. */
export async function openDisk<Tables extends object>(
  name: string,
  tables: readonly (keyof Tables & string)[],
): Promise<Disk<Tables>> {
  try {
    const database = await openDB(name, VERSION, {
      upgrade(db) {
        for (const table of tables) db.createObjectStore(table);
      },
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
    return new IndexedDisk<Tables>(database);
  } catch {
    return new PageDisk<Tables>();
  }
}

class IndexedDisk<Tables extends object> implements Disk<Tables> {
  readonly #database: IDBPDatabase;

  constructor(database: IDBPDatabase) {
    this.#database = database;
  }

  async get<T extends keyof Tables & string>(table: T, key: string): Promise<Tables[T] | undefined> {
    return (await this.#database.get(table, key)) as Tables[T] | undefined;
  }

  async all<T extends keyof Tables & string>(table: T): Promise<Tables[T][]> {
    return (await this.#database.getAll(table)) as Tables[T][];
  }

  async put<T extends keyof Tables & string>(table: T, key: string, record: Tables[T]): Promise<void> {
    const write = this.#database.transaction(table, 'readwrite', { durability: 'strict' });
    await Promise.all([write.store.put(record, key), write.done]);
  }

  save<T extends keyof Tables & string>(table: T, key: string, record: Tables[T]): void {
    this.put(table, key, record).catch(() => undefined);
  }

  async remove(table: keyof Tables & string, key: string): Promise<void> {
    await this.#try(() => this.#database.delete(table, key));
  }

  async clear(table: keyof Tables & string): Promise<void> {
    await this.#try(() => this.#database.clear(table));
  }

  close(): void {
    this.#database.close();
  }

  /** A disk that was closed, by a newer page for one, keeps what it has. */
  async #try(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch {
      return;
    }
  }
}

/** A disk that forgets with the page. */
export class PageDisk<Tables extends object> implements Disk<Tables> {
  readonly #tables = new Map<string, Map<string, unknown>>();

  async get<T extends keyof Tables & string>(table: T, key: string): Promise<Tables[T] | undefined> {
    return this.#table(table).get(key) as Tables[T] | undefined;
  }

  async all<T extends keyof Tables & string>(table: T): Promise<Tables[T][]> {
    return [...this.#table(table).values()] as Tables[T][];
  }

  async put<T extends keyof Tables & string>(table: T, key: string, record: Tables[T]): Promise<void> {
    this.save(table, key, record);
  }

  save<T extends keyof Tables & string>(table: T, key: string, record: Tables[T]): void {
    this.#table(table).set(key, structuredClone(record));
  }

  async remove(table: keyof Tables & string, key: string): Promise<void> {
    this.#table(table).delete(key);
  }

  async clear(table: keyof Tables & string): Promise<void> {
    this.#table(table).clear();
  }

  close(): void {
    // Another tab cannot see it: there is nothing to release.
  }

  #table(name: string): Map<string, unknown> {
    const table = this.#tables.get(name) ?? new Map<string, unknown>();
    this.#tables.set(name, table);
    return table;
  }
}
