import type { Trace } from '../wire';

export type CodeLanguage = 'go' | 'js';

/** The line of a server's code that sends an event like this one. */
export function codeOf({ event, scope, dir }: Trace, room: string, language: CodeLanguage): string {
  if (dir === 'in') return language === 'go' ? goHandler(event) : `socket.on("${event}", (payload, ack) => …)`;
  return language === 'go' ? go(event, scope, room) : js(event, scope, room);
}

function js(event: string, scope: Trace['scope'], room: string): string {
  const target = {
    self: 'socket',
    one: 'io.to(user)',
    room: `io.to("${room}")`,
    room_but_me: `socket.to("${room}")`,
    all_but_me: 'socket.broadcast',
    all: 'io',
  }[scope];
  return `${target}.emit("${event}", …)`;
}

function go(event: string, scope: Trace['scope'], room: string): string {
  const target = {
    self: 'socket',
    one: 'io.To(user)',
    room: `io.To("${room}")`,
    room_but_me: `socket.To("${room}")`,
    all_but_me: 'socket.Broadcast()',
    all: 'io',
  }[scope];
  return `${target}.Emit("${event}", …)`;
}

function goHandler(event: string): string {
  return `io.HandleFunc("${event}", func(ctx context.Context, e *socketio.Event) error { … })`;
}
