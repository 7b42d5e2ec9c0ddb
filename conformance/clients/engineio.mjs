// node engineio.mjs URL polling|websocket|upgrade
// Uses the official Engine.IO client against an echo.
import assert from "node:assert/strict";
import { Socket } from "engine.io-client";
import { next, within } from "./check.mjs";

const [url, mode] = process.argv.slice(2);
const transports = { polling: ["polling"], websocket: ["websocket"], upgrade: ["polling", "websocket"] }[mode];
const open = [];

async function connect() {
  const socket = new Socket(url, { path: "/engine.io/", transports });
  socket.binaryType = "arraybuffer";
  open.push(socket);
  await next(socket, "open");
  if (transports.length > 1) await next(socket, "upgrade");
  return socket;
}

/** The messages that come until there are as many. */
function messages(socket, count) {
  const got = [];
  const all = new Promise((resolve) => socket.on("message", (m) => got.push(m) === count && resolve(got)));
  return within(all, `${count} messages`);
}

const cases = {
  async "opens with what the server announces"() {
    const socket = await connect();
    assert.equal(socket.transport.name, transports.at(-1));
    assert.match(socket.id, /^[\w-]{20}$/);
  },

  async "echoes texts in order"() {
    const socket = await connect();
    const texts = [...Array(500).keys()].map((n) => `message ${n} <&>ü😀`);
    const got = messages(socket, texts.length);
    for (const text of texts) socket.send(text);
    assert.deepEqual(await got, texts);
  },

  async "echoes what is sent during the upgrade"() {
    const socket = new Socket(url, { path: "/engine.io/", transports });
    open.push(socket);
    const got = messages(socket, 300);
    for (let n = 0; n < 100; n++) socket.send(`early ${n}`);
    await next(socket, "open");
    for (let n = 0; n < 200; n++) {
      socket.send(`later ${n}`);
      if (n % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const all = [...Array(100).keys()].map((n) => `early ${n}`).concat([...Array(200).keys()].map((n) => `later ${n}`));
    assert.deepEqual(await got, all);
  },

  async "echoes an empty text"() {
    const socket = await connect();
    const got = messages(socket, 2);
    socket.send("");
    socket.send("x");
    assert.deepEqual((await got).map((text) => text ?? ""), ["", "x"]);
  },

  async "echoes binary data"() {
    const socket = await connect();
    const got = messages(socket, 2);
    socket.send(Uint8Array.from([0, 1, 2, 255]));
    socket.send(new Uint8Array(300_000).fill(9));
    const [small, large] = await got;
    assert.deepEqual([...new Uint8Array(small)], [0, 1, 2, 255]);
    assert.equal(large.byteLength, 300_000);
  },

  async "echoes texts and binary data in order"() {
    const socket = await connect();
    const got = messages(socket, 200);
    for (let n = 0; n < 100; n++) {
      socket.send(`text ${n}`);
      socket.send(Uint8Array.from([n]));
    }
    const all = (await got).map((m) => (typeof m === "string" ? m : new Uint8Array(m)[0]));
    assert.deepEqual(all, [...Array(100).keys()].flatMap((n) => [`text ${n}`, n]));
  },

  async "echoes a text as large as allowed"() {
    const socket = await connect();
    const got = messages(socket, 1);
    const text = "y".repeat(999_000);
    socket.send(text);
    assert.equal((await got)[0], text);
  },

  async "lives through heartbeats"() {
    const socket = await connect();
    for (let n = 0; n < 3; n++) await next(socket, "heartbeat");
    const got = messages(socket, 1);
    socket.send("alive");
    assert.deepEqual(await got, ["alive"]);
  },

  async "closes by itself"() {
    const socket = await connect();
    const closed = next(socket, "close");
    socket.close();
    assert.equal((await closed)[0], "forced close");
  },

  async "is closed by the server"() {
    const socket = await connect();
    const closed = next(socket, "close");
    socket.send("close me");
    assert.equal((await closed)[0], "transport close");
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
    for (const socket of open.splice(0)) socket.close();
  }
}
