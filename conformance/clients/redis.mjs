// node redis.mjs URL REDIS-PORT one|all
// Runs a Node server beside ours, on one Redis, and checks that clients of both live in one world.
// The Node server has its answers sent to one server, or to all.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import { Emitter } from "@socket.io/redis-emitter";
import { createClient } from "redis";
import { Server } from "socket.io";
import { Clients, next, within } from "./check.mjs";

const [url, port, answers] = process.argv.slice(2);

const pub = createClient({ url: `redis://127.0.0.1:${port}` });
const sub = pub.duplicate();
await Promise.all([pub.connect(), sub.connect()]);
const http = createServer();
const node = new Server(http, { adapter: createAdapter(pub, sub, { publishOnSpecificResponseChannel: answers === "one" }) });
node.on("connection", (socket) => socket.on("join", (room, ack) => ack(socket.join(room))));
await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
const nodeURL = `http://127.0.0.1:${http.address().port}`;
const emitter = new Emitter(pub);

/** Resolves when a condition holds that nobody tells of. */
async function eventually(what, holds) {
  for (const end = Date.now() + 10_000; !(await holds()); await new Promise((resolve) => setTimeout(resolve, 5))) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
  }
}
const serverCount = () => node.of("/").adapter.serverCount();
await eventually("the servers meet", async () => (await serverCount()) === 2);

/** Events that two clients get until both have got "end". */
async function heard(sockets, act) {
  const got = sockets.map(() => []);
  sockets.forEach((socket, i) => socket.onAny((...args) => got[i].push(args)));
  await Promise.all([act(), ...sockets.map((socket) => next(socket, "end"))]);
  for (const socket of sockets) socket.offAny();
  return got.map((list) => list.filter(([name]) => name !== "end"));
}

/** What survives JSON and MessagePack alike. */
const values = ["<ü😀>", 1.5, -7, 2 ** 40, true, null, { a: [{ b: {} }], c: [] }];

const cases = {
  async "a broadcast of ours reaches Node's clients"({ ours, theirs }) {
    const got = next(theirs, "all");
    ours.emit("all", ...values, Buffer.from("binary"));
    const args = await got;
    assert.deepEqual(args.slice(0, -1), values);
    assert.equal(Buffer.from(args.at(-1)).toString(), "binary");
  },

  async "a broadcast of Node reaches our clients"({ ours, theirs }) {
    const got = await heard([ours, theirs], () => {
      node.emit("all", ...values, { deep: [Buffer.from("binary")] });
      node.emit("end");
    });
    for (const [[, ...args]] of got) {
      assert.deepEqual(args.slice(0, -1), values);
      assert.equal(Buffer.from(args.at(-1).deep[0]).toString(), "binary");
    }
  },

  async "rooms and exceptions count on both sides"({ ours, theirs }) {
    for (const socket of [ours, theirs]) await socket.emitWithAck("join", "tea");
    const got = await heard([ours, theirs], async () => {
      await ours.emitWithAck("to", "tea"); // not to the sender
      await ours.emitWithAck("in", "tea");
      await ours.emitWithAck("except", "tea");
      await node.fetchSockets(); // the answer comes after what was sent before it
      node.to("tea").emit("node", 1);
      node.to(["tea", "coffee"]).emit("node", 2);
      node.to(ours.id).emit("node", 3);
      node.except("tea").emit("node", 4);
      node.to("nowhere").emit("node", 5);
      node.local.emit("node", 6);
      node.emit("end");
    });
    assert.deepEqual(got[0], [["in", "tea"], ["node", 1], ["node", 2], ["node", 3]]);
    assert.deepEqual(got[1].filter(([name]) => name === "node"), [["node", 1], ["node", 2], ["node", 6]]);
    assert.deepEqual(got[1].filter(([name]) => name !== "node"), [["to", "tea"], ["in", "tea"]]);
  },

  async "rooms whose names are numbers are strings"({ ours }) {
    await ours.emitWithAck("join", "42");
    const got = next(ours, "number");
    node.to(42).emit("number", "one");
    assert.deepEqual(await got, ["one"]);
    const two = next(ours, "number");
    node.to([42, 43]).emit("number", "two");
    assert.deepEqual(await two, ["two"]);
  },

  async "the emitter reaches both"({ ours, theirs }) {
    for (const socket of [ours, theirs]) await socket.emitWithAck("join", "tea");
    const got = await heard([ours, theirs], () => {
      emitter.emit("all", ...values, Buffer.from("binary"));
      emitter.to("tea").emit("room");
      emitter.to(["tea", "milk"]).except(ours.id).emit("except");
      emitter.in("nowhere").emit("nobody");
      emitter.of("/other").emit("elsewhere");
      emitter.emit("end");
    });
    assert.deepEqual(got[0].map(([name]) => name), ["all", "room"]);
    assert.deepEqual(got[1].map(([name]) => name), ["all", "room", "except"]);
    assert.deepEqual(got[0][0].slice(1, -1), values);
    assert.equal(Buffer.from(got[0][0].at(-1)).toString(), "binary");
  },

  async "the emitter moves and disconnects our sockets"({ ours, theirs }) {
    emitter.socketsJoin(["tea", "milk"]);
    await eventually("all have joined", async () => (await node.in("milk").fetchSockets()).length === 2);
    emitter.in(ours.id).socketsLeave("milk");
    await eventually("ours has left", async () => (await node.in("milk").fetchSockets()).length === 1);
    const told = next(ours, "servers were told");
    emitter.serverSideEmit("told", "by the emitter", 1);
    assert.deepEqual(await told, ["by the emitter", 1]);
    emitter.in(ours.id).disconnectSockets(true);
    await next(ours, "disconnect");
    assert.ok(theirs.connected);
  },

  async "Node fetches our sockets"({ ours, theirs }) {
    await ours.emitWithAck("join", "tea");
    const found = await node.fetchSockets();
    assert.deepEqual(found.map(({ id }) => id).toSorted(), [ours.id, theirs.id].toSorted());
    const remote = found.find(({ id }) => id === ours.id);
    assert.deepEqual([...remote.rooms], [ours.id, "tea"]);
    assert.equal(remote.handshake.query.EIO, "4");
    assert.equal(typeof remote.handshake.headers.host, "string");
    assert.deepEqual(remote.data, {});
    const got = next(ours, "personal");
    remote.emit("personal", 1);
    assert.deepEqual(await got, [1]);
    remote.join("milk");
    await eventually("it has joined", async () => (await node.in("milk").fetchSockets()).length === 1);
    remote.disconnect(true);
    await next(ours, "disconnect");
  },

  async "ours fetches Node's sockets"({ ours, theirs }) {
    await theirs.emitWithAck("join", "tea");
    const found = await ours.emitWithAck("fetch");
    assert.deepEqual(found.map(({ id }) => id).toSorted(), [ours.id, theirs.id].toSorted());
    const remote = found.find(({ id }) => id === theirs.id);
    assert.deepEqual(remote.rooms, [theirs.id, "tea"]);
    assert.equal(remote.handshake.Query.EIO[0], "4");
    assert.equal(remote.handshake.Headers.Host[0], nodeURL.slice("http://".length));
  },

  async "all rooms are known to Node"({ ours }) {
    await ours.emitWithAck("join", "tea");
    const rooms = await node.of("/").adapter.allRooms();
    assert.ok(rooms.has("tea") && rooms.has(ours.id));
  },

  async "ours moves and disconnects Node's sockets"({ ours, theirs }) {
    await ours.emitWithAck("all join", "milk");
    await eventually("all have joined", async () => (await node.in("milk").fetchSockets()).length === 2);
    await ours.emitWithAck("all leave", "milk");
    await eventually("all have left", async () => (await node.in("milk").fetchSockets()).length === 0);
    await theirs.emitWithAck("join", "out");
    await ours.emitWithAck("disconnect room", "out");
    await next(theirs, "disconnect");
  },

  async "both ask all clients"({ ours, theirs }) {
    ours.on("question", (data, ack) => ack(`ours ${Buffer.from(data)}`, "more"));
    theirs.on("question", (data, ack) => ack(`theirs ${Buffer.from(data)}`, "more"));
    const want = ["ours x", "theirs x"];
    assert.deepEqual((await node.timeout(5000).emitWithAck("question", Buffer.from("x"))).toSorted(), want);
    const list = await within(new Promise((resolve) => ours.emit("ask all", Buffer.from("x"), (...list) => resolve(list))), "answers");
    assert.deepEqual(list.filter((word) => word !== "more").toSorted(), want);
    assert.deepEqual(await node.to("nowhere").timeout(5000).emitWithAck("question"), []);
  },

  async "both ask the other server"({ ours }) {
    assert.deepEqual(await node.serverSideEmitWithAck("double", 21), [42]);
    node.once("double", (n, ack) => ack(n * 2));
    assert.equal(await ours.emitWithAck("ask servers", 4), 8);
    const told = new Promise((resolve) => node.once("told", (...args) => resolve(args)));
    await ours.emitWithAck("tell servers", "a", { b: 1 });
    assert.deepEqual(await within(told, "told"), ["a", { b: 1 }]);
    const back = next(ours, "servers were told");
    node.serverSideEmit("told", "c");
    assert.deepEqual(await back, ["c"]);
  },
};

for (const [name, run] of Object.entries(cases)) {
  const here = new Clients(url, ["websocket"]);
  const there = new Clients(nodeURL, ["websocket"]);
  try {
    const [ours, theirs] = [await here.connect(), await there.connect()];
    await within(run({ ours, theirs }), name);
    console.log(`ok ${name}`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`not ok ${name}: ${error.stack}`);
  } finally {
    here.close();
    there.close();
  }
  await eventually("nobody is left", async () => (await node.fetchSockets()).length === 0);
}
await node.close();
await Promise.all([pub.quit(), sub.quit()]);
