// node socketio.mjs URL polling|websocket|upgrade [package of a parser]
// Uses the official client as an application would, and checks what it sees.
import assert from "node:assert/strict";
import { Clients, about, next, within } from "./check.mjs";

const [url, mode, parser] = process.argv.slice(2);
const options = parser ? { parser: (await import(parser)).default } : {};
const transports = { polling: ["polling"], websocket: ["websocket"], upgrade: ["polling", "websocket"] }[mode];
const finalTransport = transports.at(-1);

const cases = {
  async "connects over the transport"({ connect }) {
    const socket = await connect();
    assert.equal(socket.io.engine.transport.name, finalTransport);
    assert.equal(await socket.emitWithAck("transport"), finalTransport);
    assert.match(socket.id, /^[\w-]{20}$/);
    assert.notEqual(socket.id, socket.io.engine.id);
  },

  async "hands over auth"({ open }) {
    const auth = { token: "täg <&>", n: [1, null] };
    assert.deepEqual(await next(open("/", { auth }), "auth"), [auth]);
  },

  async "keeps values and their order"({ connect }) {
    const socket = await connect();
    const values = [0, -1.5, "<b>&ü😀\u2028", true, null, { a: [{ b: {} }] }, [], ""];
    socket.emit("say-back", ...values);
    assert.deepEqual(await next(socket, "said"), values);
    const got = [];
    socket.on("said", (n) => got.push(n));
    for (let i = 0; i < 300; i++) socket.emit("say-back", i);
    await socket.emitWithAck("echo");
    assert.deepEqual(got, [...Array(300).keys()]);
  },

  async "acknowledges both ways"({ connect }) {
    const socket = await connect();
    assert.deepEqual(await new Promise((resolve) => socket.emit("echo", 1, "2", (...args) => resolve(args))), [1, "2"]);
    socket.on("question", (x, ack) => ack({ answer: x + 1 }));
    assert.deepEqual(await socket.emitWithAck("ask-me", 41), { answer: 42 });
    await assert.rejects(socket.timeout(50).emitWithAck("silence"), /timed out/);
  },

  async "carries binary data"({ connect }) {
    const socket = await connect();
    const big = Buffer.alloc(300_000, 7);
    const [tree, empty] = await new Promise((resolve) => {
      socket.emit("echo", { list: [Buffer.from("one"), { deep: big }] }, Buffer.alloc(0), (...args) => resolve(args));
    });
    assert.equal(Buffer.from(tree.list[0]).toString(), "one");
    assert.ok(Buffer.from(tree.list[1].deep).equals(big));
    assert.equal(Buffer.from(empty).length, 0);
    socket.on("question", (data, ack) => ack(data));
    assert.equal(Buffer.from(await socket.emitWithAck("ask-me", Buffer.from("bounce"))).toString(), "bounce");
    const text = "x".repeat(900_000);
    assert.equal(await socket.emitWithAck("echo", text), text);
  },

  async "sends to one, all, others and rooms"({ connect }) {
    const [ann, bob, eve] = [await connect(), await connect(), await connect()];
    const seen = { ann: [], bob: [], eve: [] };
    for (const [name, socket] of Object.entries({ ann, bob, eve })) {
      socket.onAny((event, value) => ["left", "auth"].includes(event) || seen[name].push(`${event}:${value}`));
    }
    await ann.emitWithAck("join", "tea");
    await bob.emitWithAck("join", "tea");
    await ann.emitWithAck("to", "tea");
    await eve.emitWithAck("to", "tea");
    await ann.emitWithAck("in", "tea");
    await ann.emitWithAck("except", "tea");
    ann.emit("all", 1);
    eve.emit("broadcast", 2);
    await Promise.all([ann, eve].map((socket) => socket.emitWithAck("echo"))); // now both are handled
    await Promise.all([ann, bob, eve].map((socket) => socket.emitWithAck("echo"))); // now all have heard
    await bob.emitWithAck("leave", "tea");
    await ann.emitWithAck("in", "tea");
    await Promise.all([ann, bob, eve].map((socket) => socket.emitWithAck("echo")));
    assert.deepEqual(seen.ann.sort(), ["all:1", "broadcast:2", "in:tea", "in:tea", "to:tea"]);
    assert.deepEqual(seen.bob.sort(), ["all:1", "broadcast:2", "in:tea", "to:tea", "to:tea"]);
    assert.deepEqual(seen.eve.sort(), ["all:1", "except:tea"]);
  },

  async "has namespaces on one connection"({ connect }) {
    const socket = await connect();
    const one = socket.io.socket("/tenant-1");
    const two = socket.io.socket("/tenant-2?a=b");
    assert.equal(await one.emitWithAck("where"), "/tenant-1");
    assert.equal(await two.emitWithAck("where"), "/tenant-2?a=b");
    const unknown = socket.io.socket("/unknown");
    const [error] = await next(unknown, "connect_error");
    assert.equal(error.message, "Invalid namespace");
    assert.equal(error.data, undefined);
    one.disconnect();
    assert.equal(await two.emitWithAck("where"), "/tenant-2?a=b");
    assert.ok(socket.connected);
  },

  async "tells why middleware refuses"({ open }) {
    const socket = open("/admin", { auth: { token: "guess" } });
    const [error] = await next(socket, "connect_error");
    assert.equal(error.message, "not authorized");
    assert.deepEqual(error.data, { code: 42 });
    assert.equal(socket.connected, false);
    socket.auth = { token: "sesame" };
    socket.connect();
    assert.deepEqual(await next(socket, "auth"), [{ token: "sesame" }]);
  },

  async "disconnects from either side"({ connect }) {
    const [watcher, leaver, kicked] = [await connect(), await connect(), await connect()];
    const leaverLeft = about(watcher, "left", leaver.id);
    leaver.disconnect();
    assert.deepEqual(await leaverLeft, ["client namespace disconnect"]);
    const kickedLeft = about(watcher, "left", kicked.id);
    const farewell = next(kicked, "farewell");
    kicked.emit("kick-me");
    assert.deepEqual(await next(kicked, "disconnect"), ["io server disconnect", undefined]);
    await farewell;
    assert.deepEqual(await kickedLeft, ["server namespace disconnect"]);
    assert.equal(kicked.active, false);
    kicked.connect();
    await next(kicked, "connect");
  },

  async "connects again by itself"({ connect }) {
    const socket = await connect("/", { reconnectionDelay: 20, randomizationFactor: 0 });
    const { id } = socket;
    socket.emit("drop-me");
    const [reason] = await next(socket, "disconnect");
    assert.ok(["transport close", "transport error"].includes(reason), reason);
    const late = socket.emitWithAck("echo", "sent while away");
    await next(socket, "connect");
    assert.notEqual(socket.id, id);
    assert.equal(await within(late, "the buffered event"), "sent while away");
  },

  async "lives through heartbeats"({ connect }) {
    const socket = await connect();
    for (let pings = 0; pings < 4; pings++) await next(socket.io, "ping");
    assert.equal(await socket.emitWithAck("echo", "alive"), "alive");
  },
};

for (const [name, run] of Object.entries(cases)) {
  const clients = new Clients(url, transports, options);
  try {
    await within(run({ open: clients.open.bind(clients), connect: clients.connect.bind(clients) }), name);
    console.log(`ok ${name}`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`not ok ${name}: ${error.stack}`);
  } finally {
    clients.close();
  }
}
