// node --expose-gc server.js --listen HOST:PORT: the reference server, defaults everywhere, with the load handlers.
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { Server } from "socket.io";

const { values } = parseArgs({ options: { listen: { type: "string" } } });
const [host, port] = values.listen.split(":");

const http = createServer();
const io = new Server(http);

io.on("connection", (socket) => {
  socket.on("chat", (text) => io.emit("chat", text));
  socket.on("room", (room, text) => socket.to(room).emit("room", text));
  socket.on("echo", (text, ack) => ack(text));
  socket.on("join", async (room, ack) => {
    await socket.join(room);
    ack();
  });
});

process.on("SIGUSR2", () => globalThis.gc());
http.listen({ host, port: Number(port), backlog: 4096 });
