// node adminui.mjs URL polling|websocket|upgrade
// Watches a server and acts on it, with the client and the events of the Admin UI's page.
import assert from "node:assert/strict";
import { Clients, next, within } from "./check.mjs";

const [url, mode] = process.argv.slice(2);
const transports = { polling: ["polling"], websocket: ["websocket"], upgrade: ["polling", "websocket"] }[mode];
const auth = { username: "ops", password: "sesame" };

/** The next such event whose arguments are as wanted. */
function when(socket, event, wanted) {
  const seen = new Promise((resolve) => socket.on(event, (...args) => wanted(...args) && resolve(args)));
  return within(seen, event);
}

/** A page that is signed in and has been told of all sockets. */
async function watch(open) {
  const page = open("/admin", { auth });
  const first = Promise.all(["session", "config", "server_stats", "all_sockets"].map((event) => next(page, event)));
  const [[session], [config], [stats], [sockets]] = await first;
  return { page, session, config, stats, sockets };
}

const cases = {
  async "signs in with a password, then with a session"({ open }) {
    for (const wrong of [{}, { ...auth, password: "x" }, { ...auth, username: "x" }, { sessionId: "x" }]) {
      const [error] = await next(open("/admin", { auth: wrong }), "connect_error");
      assert.equal(error.message, "invalid credentials");
    }
    const { session, config } = await watch(open);
    assert.deepEqual(config.supportedFeatures.toSorted(), [
      ...["AGGREGATED_EVENTS", "ALL_EVENTS", "DISCONNECT", "EMIT", "JOIN", "LEAVE", "MDISCONNECT", "MJOIN", "MLEAVE"],
    ]);
    const again = open("/admin", { auth: { sessionId: session } });
    again.on("session", () => assert.fail("there is another session"));
    await next(again, "config");
  },

  async "is told what the server holds"({ open, connect }) {
    const guest = await connect();
    const { page, stats, sockets } = await watch(open);
    assert.deepEqual(Object.keys(stats).toSorted(), [
      ...["aggregatedEvents", "clientsCount", "hostname", "namespaces", "pid", "pollingClientsCount", "serverId", "uptime"],
    ]);
    const seen = sockets.find((socket) => socket.id === guest.id);
    assert.equal(seen.nsp, "/");
    assert.equal(seen.transport, transports.at(-1));
    assert.deepEqual(seen.rooms, [guest.id]);
    assert.equal(seen.handshake.query.EIO, "4");
    assert.ok(Math.abs(seen.handshake.issued - Date.now()) < 60_000);
    const hasTwo = (s) => s.namespaces.find(({ name }) => name === "/").socketsCount === 2 && s.clientsCount >= 3;
    const grown = when(page, "server_stats", hasTwo);
    const counted = when(page, "server_stats", (s) => s.aggregatedEvents.some(({ type, count }) => type === "rawConnection" && count > 0));
    await connect();
    await grown;
    await counted;
  },

  async "is told what happens"({ open, connect }) {
    const { page } = await watch(open);
    const isTime = (text) => Math.abs(new Date(text) - Date.now()) < 60_000;
    const appeared = when(page, "socket_connected", (socket, at) => socket.nsp === "/" && isTime(at));
    const upgraded = mode === "upgrade" && when(page, "socket_updated", ({ transport }) => transport === "websocket");
    const guest = await connect();
    await appeared;
    await upgraded;
    const joined = when(page, "room_joined", (nsp, room, id, at) => nsp === "/" && room === "tea" && id === guest.id && isTime(at));
    const received = when(page, "event_received", (nsp, id, [name, room]) => id === guest.id && name === "join" && room === "tea");
    await guest.emitWithAck("join", "tea");
    await joined;
    await received;
    const sent = when(page, "event_sent", (nsp, id, [name, ...args]) => id === guest.id && name === "said" && args[1].a === 2);
    guest.emit("say-back", 1, { a: 2 });
    await sent;
    const left = when(page, "room_left", (nsp, room, id) => room === "tea" && id === guest.id);
    await guest.emitWithAck("leave", "tea");
    await left;
    const { id } = guest;
    const gone = when(page, "socket_disconnected", (nsp, who, reason, at) => nsp === "/" && who === id && isTime(at));
    guest.disconnect();
    assert.equal((await gone)[2], "client namespace disconnect");
  },

  async "acts on one socket, a room and all"({ open, connect }) {
    const { page } = await watch(open);
    const [ann, bob] = [await connect(), await connect()];
    const joined = when(page, "room_joined", (nsp, room, id) => room === "tea" && id === ann.id);
    page.emit("join", "/", "tea", ann.id);
    await joined;
    const hello = next(ann, "hello");
    page.emit("emit", "/", "tea", "hello", 1, Buffer.from("two"));
    const [number, data] = await hello;
    assert.equal(number, 1);
    assert.equal(Buffer.from(data).toString(), "two");
    const both = Promise.all([next(ann, "bye"), next(bob, "bye")]);
    page.emit("emit", "/", undefined, "bye");
    await both;
    const left = when(page, "room_left", (nsp, room, id) => room === "tea" && id === ann.id);
    page.emit("leave", "/", "tea");
    await left;
    page.emit("_disconnect", "/", false, ann.id);
    assert.equal((await next(ann, "disconnect"))[0], "io server disconnect");
    page.emit("_disconnect", "/", true, bob.id);
    await next(bob, "disconnect");
  },

  async "shows its own socket, but not its password"({ open }) {
    const { page } = await watch(open);
    const { sockets } = await watch(open);
    const own = sockets.find(({ id }) => id === page.id);
    assert.deepEqual(own.data, {});
    assert.ok(!JSON.stringify(own).includes("sesame"));
  },
};

for (const [name, run] of Object.entries(cases)) {
  const clients = new Clients(url, transports);
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
