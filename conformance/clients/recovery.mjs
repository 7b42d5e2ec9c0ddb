// node recovery.mjs URL polling|websocket|upgrade
// Loses the connection of the official client and checks that it goes on.
import assert from "node:assert/strict";
import { Clients, next, within } from "./check.mjs";

const [url, mode] = process.argv.slice(2);
const transports = { polling: ["polling"], websocket: ["websocket"], upgrade: ["polling", "websocket"] }[mode];
const quick = { reconnectionDelay: 300, randomizationFactor: 0 };

/** A client that is in the room tea and has got an event. */
async function guest(connect) {
  const socket = await connect("/", quick);
  await socket.emitWithAck("join", "tea");
  const said = next(socket, "said");
  socket.emit("say-back", "first");
  await said;
  return socket;
}

const cases = {
  async "gets what it missed, once and in order"({ connect }) {
    const [socket, other] = [await guest(connect), await connect()];
    const { id } = socket;
    assert.equal(socket.recovered, false);
    const got = [];
    socket.on("to", (room) => got.push(`to ${room}`));
    socket.on("all", (n) => got.push(`all ${n}`));
    const back = next(socket, "connect");
    socket.io.engine.close();
    await next(other, "left").catch(() => {}); // the server may have noticed before
    await other.emitWithAck("to", "tea");
    other.emit("all", 1);
    await other.emitWithAck("to", "coffee");
    await back;
    assert.equal(socket.recovered, true);
    assert.equal(socket.id, id);
    await other.emitWithAck("to", "tea");
    await socket.emitWithAck("echo");
    assert.deepEqual(got, ["to tea", "all 1", "to tea"]);
  },

  async "is recovered again and again"({ connect }) {
    const socket = await guest(connect);
    const { id } = socket;
    for (let round = 0; round < 3; round++) {
      const back = next(socket, "connect");
      socket.io.engine.close();
      await back;
      assert.equal(socket.recovered, true);
      assert.equal(socket.id, id);
    }
  },

  async "is not recovered after it disconnected"({ connect }) {
    const socket = await guest(connect);
    const { id } = socket;
    socket.disconnect();
    const back = next(socket, "connect");
    socket.connect();
    await back;
    assert.equal(socket.recovered, false);
    assert.notEqual(socket.id, id);
  },

  async "is not recovered with an offset that is none"({ connect }) {
    const socket = await guest(connect);
    socket._lastOffset = "the last string of something else";
    const back = next(socket, "connect");
    socket.io.engine.close();
    await back;
    assert.equal(socket.recovered, false);
  },
};

for (const [name, run] of Object.entries(cases)) {
  const clients = new Clients(url, transports);
  try {
    await within(run({ connect: clients.connect.bind(clients) }), name);
    console.log(`ok ${name}`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`not ok ${name}: ${error.stack}`);
  } finally {
    clients.close();
  }
}
