// node older.mjs URL polling|websocket|upgrade PACKAGE
// Uses an older official client, 2 to 4.0, as an application would.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { about, next, within } from "./check.mjs";

const [url, mode, name] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const io = require(name);
const major = Number(require(`${name}/package.json`).version.split(".")[0]);
const transports = { polling: ["polling"], websocket: ["websocket"], upgrade: ["polling", "websocket"] }[mode];
const open = new Set();

function start(namespace = "/", options = {}) {
  const socket = io(url + namespace, { transports, forceNew: true, ...options });
  open.add(socket);
  return socket;
}

/** A client that has connected, and upgraded if it is going to. */
async function connect(namespace, options) {
  const socket = start(namespace, options);
  await next(socket, "connect");
  const { engine } = socket.io;
  if (transports.length > 1 && engine.transport.name === "polling") await next(engine, "upgrade");
  return socket;
}

/** The arguments that the server acknowledges with. */
function ask(socket, event, ...args) {
  return within(new Promise((resolve) => socket.emit(event, ...args, (...reply) => resolve(reply))), event);
}

const cases = {
  async "connects over the transport"() {
    const socket = await connect();
    const expected = transports[transports.length - 1];
    assert.equal(socket.io.engine.transport.name, expected);
    assert.deepEqual(await ask(socket, "transport"), [expected]);
    if (major === 2) assert.equal(socket.id, socket.io.engine.id);
    assert.deepEqual(await ask(socket, "id"), [socket.id]);
  },

  async "keeps values and their order"() {
    const socket = await connect();
    const values = [0, -1.5, "<b>&ü😀\u2028", true, null, { a: [{ b: {} }] }, [], ""];
    socket.emit("say-back", ...values);
    assert.deepEqual(await next(socket, "said"), values);
    const got = [];
    socket.on("said", (n) => got.push(n));
    for (let i = 0; i < 300; i++) socket.emit("say-back", i);
    await ask(socket, "echo");
    assert.deepEqual(got, [...Array(300).keys()]);
  },

  async "acknowledges both ways"() {
    const socket = await connect();
    assert.deepEqual(await ask(socket, "echo", 1, "2"), [1, "2"]);
    socket.on("question", (x, ack) => ack({ answer: x + 1 }));
    assert.deepEqual(await ask(socket, "ask-me", 41), [{ answer: 42 }]);
  },

  async "carries binary data"() {
    const socket = await connect();
    const big = Buffer.alloc(300_000, 7);
    const [tree, empty] = await ask(socket, "echo", { list: [Buffer.from("one"), { deep: big }] }, Buffer.alloc(0));
    assert.equal(Buffer.from(tree.list[0]).toString(), "one");
    assert.ok(Buffer.from(tree.list[1].deep).equals(big));
    assert.equal(Buffer.from(empty).length, 0);
    socket.on("question", (data, ack) => ack(data));
    const [bounced] = await ask(socket, "ask-me", Buffer.from("bounce"));
    assert.equal(Buffer.from(bounced).toString(), "bounce");
    const text = "x".repeat(900_000);
    assert.deepEqual(await ask(socket, "echo", text), [text]);
  },

  async "sends to one, all, others and rooms"() {
    const all = [await connect(), await connect(), await connect()];
    const [ann, bob, eve] = all;
    const seen = all.map((socket) => {
      const events = [];
      for (const event of ["all", "broadcast", "in", "to", "except"]) {
        socket.on(event, (value) => events.push(`${event}:${value}`));
      }
      return events;
    });
    await ask(ann, "join", "tea");
    await ask(bob, "join", "tea");
    await ask(ann, "to", "tea");
    await ask(eve, "to", "tea");
    await ask(ann, "in", "tea");
    await ask(ann, "except", "tea");
    ann.emit("all", 1);
    eve.emit("broadcast", 2);
    await Promise.all([ann, eve].map((socket) => ask(socket, "echo"))); // now both are handled
    await Promise.all(all.map((socket) => ask(socket, "echo"))); // now all have heard
    assert.deepEqual(seen[0].sort(), ["all:1", "broadcast:2", "in:tea", "to:tea"]);
    assert.deepEqual(seen[1].sort(), ["all:1", "broadcast:2", "in:tea", "to:tea", "to:tea"]);
    assert.deepEqual(seen[2].sort(), ["all:1", "except:tea"]);
  },

  async "has namespaces on one connection"() {
    const socket = await connect();
    const one = socket.io.socket("/tenant-1");
    const two = socket.io.socket("/tenant-2");
    assert.deepEqual(await ask(one, "where"), ["/tenant-1"]);
    assert.deepEqual(await ask(two, "where"), ["/tenant-2"]);
    const refused = major === 2 ? "error" : "connect_error";
    const [error] = await next(socket.io.socket("/unknown"), refused);
    assert.equal(error.message ?? error, "Invalid namespace");
    one.disconnect();
    assert.deepEqual(await ask(two, "where"), ["/tenant-2"]);
    assert.ok(socket.connected);
  },

  async "tells why middleware refuses"() {
    const [error] = await next(start("/admin", { forceNew: true }), major === 2 ? "error" : "connect_error");
    assert.deepEqual(error.data ?? error, { code: 42 });
  },

  async "hands over who it is"() {
    const socket = major === 2 ? start("/admin", { query: { token: "sesame" } }) : start("/admin", { auth: { token: "sesame" } });
    const [auth] = await next(socket, "auth");
    assert.equal(auth.token, "sesame");
  },

  async "disconnects from either side"() {
    const [watcher, leaver, kicked] = [await connect(), await connect(), await connect()];
    const leaverLeft = about(watcher, "left", leaver.id);
    leaver.disconnect();
    await leaverLeft;
    const kickedLeft = about(watcher, "left", kicked.id);
    const farewell = next(kicked, "farewell");
    kicked.emit("kick-me");
    assert.equal((await next(kicked, "disconnect"))[0], "io server disconnect");
    await farewell;
    assert.deepEqual(await kickedLeft, ["server namespace disconnect"]);
  },

  async "connects again by itself"() {
    const socket = await connect("/", { reconnectionDelay: 20, randomizationFactor: 0 });
    const { id } = socket;
    socket.emit("drop-me");
    const [reason] = await next(socket, "disconnect");
    assert.ok(["transport close", "transport error"].includes(reason), reason);
    const late = ask(socket, "echo", "sent while away");
    await next(socket, "connect");
    assert.notEqual(socket.id, id);
    assert.deepEqual(await late, ["sent while away"]);
  },

  async "lives through heartbeats"() {
    const socket = await connect();
    const beats = major === 2 ? [socket, "pong"] : [socket.io.engine, "heartbeat"];
    for (let n = 0; n < 4; n++) await next(...beats);
    assert.deepEqual(await ask(socket, "echo", "alive"), ["alive"]);
  },
};

for (const [what, run] of Object.entries(cases)) {
  try {
    await within(run(), what);
    console.log(`ok ${what}`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`not ok ${what}: ${error.stack}`);
  } finally {
    for (const socket of open) {
      socket.disconnect();
      socket.io.reconnection(false); // sockets of other namespaces may still hold the connection
      socket.io.engine.close();
    }
    open.clear();
  }
}
