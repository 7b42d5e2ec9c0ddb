// Package conformance runs other people's clients against the library.
package conformance

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"parley/socketio"
	"parley/socketio/parser/msgpack"
)

// patience is for one script, on a busy machine.
const patience = 2 * time.Minute

// modes are how a client may reach the server.
var modes = []string{"polling", "websocket", "upgrade"}

func TestOfficialClient(t *testing.T) {
	install(t)
	url := start(t)
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) { script(t, "node", "clients/socketio.mjs", url, mode) })
	}
}

func TestOfficialClientWithMsgpack(t *testing.T) {
	install(t)
	url := start(t, func(o *socketio.Options) {
		o.Parser = msgpack.Parser{}
		o.Engine.MaxPayload = 2_000_000 // over polling, all is base64
	})
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) { script(t, "node", "clients/socketio.mjs", url, mode, "socket.io-msgpack-parser") })
	}
}

func TestOfficialClientIsRecovered(t *testing.T) {
	install(t)
	url := start(t, func(o *socketio.Options) { o.Recovery = &socketio.Recovery{} })
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) { cases(t, 4, "node", "clients/recovery.mjs", url, mode) })
	}
}

// Clients of Socket.IO 2 speak Engine.IO protocol 3.
func TestOlderOfficialClients(t *testing.T) {
	install(t)
	url := start(t)
	for _, client := range []string{"socket.io-client-4-0", "socket.io-client-3", "socket.io-client-2"} {
		for _, mode := range modes {
			t.Run(client+" "+mode, func(t *testing.T) { script(t, "node", "clients/older.mjs", url, mode, client) })
		}
	}
}

func TestEngineClient(t *testing.T) {
	install(t)
	url := startEcho(t)
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) { script(t, "node", "clients/engineio.mjs", url, mode) })
	}
}

func TestPythonClient(t *testing.T) {
	python := findPython(t)
	url := start(t)
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) { script(t, python, "clients/socketio_client.py", url, mode) })
	}
}

// script runs a script whose output has one line per case.
func script(t *testing.T, command ...string) {
	t.Helper()
	const fewest = 10
	cases(t, fewest, command...)
}

// cases runs a script that has at least so many cases.
func cases(t *testing.T, fewest int, command ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	out, err := exec.CommandContext(ctx, command[0], command[1:]...).CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", strings.Join(command, " "), err, out)
	}
	if n := bytes.Count(out, []byte("ok ")); n < fewest {
		t.Errorf("only %d cases ran:\n%s", n, out)
	}
}

// install installs the packages that package-lock.json pins, unless they are.
// No script of theirs runs.
func install(t *testing.T) {
	t.Helper()
	pinned, err := os.Stat("package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	installed, err := os.Stat("node_modules/.package-lock.json")
	if err == nil && !installed.ModTime().Before(pinned.ModTime()) {
		return
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	out, err := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund").CombinedOutput()
	if err != nil {
		t.Fatalf("npm ci in conformance/ (it needs Node.js with npm): %v\n%s", err, out)
	}
}

// findPython returns an interpreter that has the client.
func findPython(t *testing.T) string {
	t.Helper()
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(t.Context(), python, "-c", "import socketio, requests, websocket").Run() == nil {
			return python
		}
	}
	t.Fatal("no python3 has python-socketio; run: apt-get install python3-socketio python3-requests python3-websocket")
	return ""
}
