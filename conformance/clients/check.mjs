// A few helpers for the script beside this one.
import { io } from "socket.io-client";

const PATIENCE = 10_000;

/** Rejects when what must come does not come. */
export function within(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), PATIENCE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** The arguments of the next such event. */
export function next(emitter, event) {
  return within(new Promise((resolve) => emitter.once(event, (...args) => resolve(args))), event);
}

/** Resolves when an event with this first argument comes, with the others. */
export function about(emitter, event, subject) {
  const seen = new Promise((resolve) => {
    emitter.on(event, (first, ...rest) => first === subject && resolve(rest));
  });
  return within(seen, `${event} ${subject}`);
}

/** Clients of one case; all are closed at its end. */
export class Clients {
  #url;
  #transports;
  #options;
  #open = [];

  constructor(url, transports, options = {}) {
    this.#url = url;
    this.#transports = transports;
    this.#options = options;
  }

  /** A client that is about to connect. */
  open(namespace = "/", options = {}) {
    const socket = io(this.#url + namespace, { transports: this.#transports, forceNew: true, ...this.#options, ...options });
    this.#open.push(socket);
    return socket;
  }

  /** A client that has connected, and upgraded if it is going to. */
  async connect(namespace = "/", options = {}) {
    const socket = this.open(namespace, options);
    await next(socket, "connect");
    const engine = socket.io.engine;
    if (this.#transports.length > 1 && engine.transport.name === "polling") await next(engine, "upgrade");
    return socket;
  }

  close() {
    for (const socket of this.#open) {
      socket.disconnect();
      socket.io.reconnection(false); // sockets of other namespaces may still hold the connection
      socket.io.engine.close();
    }
  }
}
