package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/socketio/internal/wsconn"
)

const patience = 20 * time.Second

// start serves an echo and returns its address.
func start(t *testing.T, deflate bool) string {
	s := newServer(deflate)
	web := httptest.NewServer(s)
	t.Cleanup(func() {
		web.Close()
		s.driver.Shutdown()
	})
	return web.Listener.Addr().String()
}

// heard is what a client is told.
type heard []string

func (h *heard) Message(payload []byte, binary bool) error {
	kind := "text"
	if binary {
		kind = "data"
	}
	*h = append(*h, brief(kind, payload))
	return nil
}

func (h *heard) Control(op wsconn.Opcode, payload []byte) error {
	switch op {
	case wsconn.OpPong:
		*h = append(*h, brief("pong", payload))
	case wsconn.OpClose:
		*h = append(*h, fmt.Sprint("close ", wsconn.CloseCode(payload)))
	}
	return nil
}

// play sends bytes in pieces, then a close, and returns what it hears until
// the server ends the connection.
func play(t *testing.T, address string, send []byte, chop int) []string {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
	reader := bufio.NewReader(conn)
	if response, err := http.ReadResponse(reader, nil); err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("got %v, %v", response, err)
	}
	go func() {
		all := append(send[:len(send):len(send)], closing(1000, "")...)
		for len(all) > 0 {
			n, err := conn.Write(all[:min(chop, len(all))])
			if err != nil {
				return // the server has closed
			}
			all = all[n:]
		}
	}()
	return hear(t, reader)
}

func hear(t *testing.T, reader *bufio.Reader) []string {
	t.Helper()
	h := heard{}
	parser := wsconn.NewParser(&wsconn.Config{MaxMessage: maxMessage, MaxFragments: 1, Client: true})
	buf := make([]byte, 4096)
	for {
		n, err := reader.Read(buf)
		if parseErr := parser.Parse(buf[:n], &h); parseErr != nil {
			t.Fatalf("the server violates the protocol: %v", parseErr)
		}
		if len(h) > 0 && strings.HasPrefix(h[len(h)-1], "close") || err != nil {
			return h
		}
	}
}

// The Autobahn suite runs where WSTEST names its command, as in
// WSTEST=wstest go test ./socketio/internal/wsecho.
func TestAutobahnSuite(t *testing.T) {
	command := os.Getenv("WSTEST")
	if command == "" {
		t.Log("WSTEST does not name the suite's command; the groups above have been tested")
		return
	}
	dir := t.TempDir()
	spec, err := json.Marshal(map[string]any{
		"outdir":  dir,
		"servers": []any{map[string]string{"agent": "parley", "url": "ws://" + start(t, true)}},
		"cases":   []string{"*"}, "exclude-cases": []string{}, "exclude-agent-cases": map[string]any{},
	})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "spec.json")
	if err := os.WriteFile(path, spec, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Minute)
	defer cancel()
	if out, err := exec.CommandContext(ctx, command, "--mode", "fuzzingclient", "--spec", path).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	report, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	var results map[string]map[string]struct{ Behavior, BehaviorClose string }
	if err := json.Unmarshal(report, &results); err != nil {
		t.Fatal(err)
	}
	for name, result := range results["parley"] {
		for _, behavior := range []string{result.Behavior, result.BehaviorClose} {
			if behavior == "FAILED" || behavior == "NON-STRICT" {
				t.Errorf("case %s: %s", name, behavior)
			}
		}
	}
}
