package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/socketio/socketiotest"
)

// The cases that the official suite of Socket.IO protocol 5 checks, in our own
// words. A leading ! makes a message binary; SID stands for any id.

const patience = 10 * time.Second

func suiteOptions() *options {
	return &options{path: "/socket.io/", pingInterval: 300, pingTimeout: 200, upgradeTimeout: 2000, connectTimeout: 1000, maxPayload: 1_000_000}
}

func start(t *testing.T, o *options) *socketiotest.Server {
	server := socketiotest.NewServer(newServer(o))
	t.Cleanup(server.Close)
	return server
}

// open connects one engine connection per transport.
func open(t *testing.T, server *socketiotest.Server, path string) map[string]*socketiotest.Conn {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conns := map[string]*socketiotest.Conn{}
	for _, transport := range []string{socketiotest.WebSocket, socketiotest.Polling} {
		conn, err := server.DialConn(ctx, &socketiotest.Options{Transport: transport, Path: path})
		if err != nil {
			t.Fatalf("%s: %v", transport, err)
		}
		t.Cleanup(conn.Close)
		conns[transport] = conn
	}
	return conns
}

func send(t *testing.T, conn *socketiotest.Conn, messages ...string) {
	t.Helper()
	for _, message := range messages {
		err := error(nil)
		if data, binary := strings.CutPrefix(message, "!"); binary {
			err = conn.SendBinary([]byte(data))
		} else {
			err = conn.Send(message)
		}
		if err != nil {
			t.Fatalf("send %q: %v", message, err)
		}
	}
}

func receive(t *testing.T, conn *socketiotest.Conn, want ...string) {
	t.Helper()
	id := regexp.MustCompile(`"sid":"[\w-]{20}"`)
	for _, w := range want {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		m, err := conn.Next(ctx)
		cancel()
		if err != nil {
			t.Fatalf("wait for %q: %v", w, err)
		}
		got := id.ReplaceAllString(string(m.Data), `"sid":"SID"`)
		if m.Binary {
			got = "!" + got
		}
		if got != w {
			t.Fatalf("got %q, want %q", got, w)
		}
	}
}

// closes waits for the end of a connection.
func closes(t *testing.T, conn *socketiotest.Conn) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		if _, err := conn.Next(ctx); errors.Is(err, socketiotest.ErrClosed) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestSuite_Exchanges(t *testing.T) {
	server := start(t, suiteOptions())
	const welcome, auth = `0{"sid":"SID"}`, `2["auth",{}]`
	for name, steps := range map[string][][2]string{
		"main namespace":                {{`0`, welcome}, {``, auth}},
		"main namespace, payload":       {{`0{"token":"123"}`, welcome}, {``, `2["auth",{"token":"123"}]`}},
		"custom namespace":              {{`0/custom,`, `0/custom,{"sid":"SID"}`}, {``, `2/custom,["auth",{}]`}},
		"custom namespace, payload":     {{`0/custom,{"token":"abc"}`, `0/custom,{"sid":"SID"}`}, {``, `2/custom,["auth",{"token":"abc"}]`}},
		"unknown namespace":             {{`0/random`, `4/random,{"message":"Invalid namespace"}`}, {`0`, welcome}},
		"disconnect, then connect":      {{`0`, welcome}, {``, auth}, {`1`, ``}, {`0`, welcome}, {``, auth}},
		"leave one of two":              {{`0`, welcome}, {``, auth}, {`0/custom`, `0/custom,{"sid":"SID"}`}, {``, `2/custom,["auth",{}]`}, {`1/custom,`, ``}, {`2["message","x"]`, `2["message-back","x"]`}},
		"message":                       {{`0`, welcome}, {``, auth}, {`2["message",1,"2",{"3":[true]}]`, `2["message-back",1,"2",{"3":[true]}]`}},
		"message with acknowledgement":  {{`0`, welcome}, {``, auth}, {`2456["message-with-ack",1,"2",{"3":[false]}]`, `3456[1,"2",{"3":[false]}]`}},
		"acknowledgement, no arguments": {{`0`, welcome}, {``, auth}, {`20["message-with-ack"]`, `30[]`}},
	} {
		for transport, conn := range open(t, server, "") {
			for _, step := range steps {
				if step[0] != "" {
					send(t, conn, step[0])
				}
				if step[1] != "" {
					receive(t, conn, step[1])
				}
			}
			if t.Failed() {
				t.Fatalf("in %q over %s", name, transport)
			}
		}
	}
}

func TestSuite_BinaryExchanges(t *testing.T) {
	for _, conn := range open(t, start(t, suiteOptions()), "") {
		send(t, conn, `0`)
		receive(t, conn, `0{"sid":"SID"}`, `2["auth",{}]`)
		const places = `{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}`
		send(t, conn, `52-["message",`+places+`]`, "!\x01\x02\x03", "!\x04\x05\x06")
		receive(t, conn, `52-["message-back",`+places+`]`, "!\x01\x02\x03", "!\x04\x05\x06")
		send(t, conn, `52-789["message-with-ack",`+places+`]`, "!\x01\x02\x03", "!\x04\x05\x06")
		receive(t, conn, `62-789[`+places+`]`, "!\x01\x02\x03", "!\x04\x05\x06")
	}
}

func TestSuite_InvalidFormatsClose(t *testing.T) {
	server := start(t, suiteOptions())
	for _, messages := range [][]string{
		{`0"abc"`}, {`0[]`}, {`0{"cut`},
		{`0`, `9`}, {`0`, `abc`}, {`0`, `2{}`}, {`0`, `2abc["message-with-ack",1]`}, {`0`, `4{"message":"x"}`},
	} {
		for _, conn := range open(t, server, "") {
			send(t, conn, messages[:1]...)
			if len(messages) > 1 {
				receive(t, conn, `0{"sid":"SID"}`, `2["auth",{}]`)
				send(t, conn, messages[1:]...)
			}
			closes(t, conn)
		}
	}
}

func TestSuite_SilenceCloses(t *testing.T) {
	o := suiteOptions()
	o.connectTimeout = 200
	server := start(t, o)
	for _, conn := range open(t, server, "") {
		closes(t, conn) // it answers pings, but does not connect
	}
}

func TestSuite_HandshakesAreAnsweredOrRefused(t *testing.T) {
	server := start(t, suiteOptions())
	for _, path := range []string{"/socket.io/", "/engine.io/"} {
		for query, want := range map[string]int{
			"transport=polling": 400, "EIO=abc&transport=polling": 400,
			"EIO=4": 400, "EIO=4&transport=abc": 400, "EIO=4&transport=websocket": 400, "EIO=4&transport=polling&sid=none": 400,
		} {
			response, err := http.Get(server.URL + path + "?" + query)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if response.StatusCode != want {
				t.Errorf("%s?%s: %d, want %d", path, query, response.StatusCode, want)
			}
		}
		for transport, conn := range open(t, server, path) {
			want := socketiotest.Handshake{SID: conn.Handshake.SID, Upgrades: []string{}, PingInterval: 300, PingTimeout: 200, MaxPayload: 1_000_000}
			if transport == socketiotest.Polling {
				want.Upgrades = []string{"websocket"}
			}
			if diff := cmp.Diff(want, conn.Handshake); diff != "" {
				t.Errorf("%s over %s: %s", path, transport, diff)
			}
		}
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestEcho_SendsEveryMessageBack(t *testing.T) {
	o := suiteOptions()
	o.path = echoPath // only the echo is served
	server := start(t, o)
	for _, conn := range open(t, server, echoPath) {
		send(t, conn, "hello", "", "!\x00\x01", `2["x"]`)
		receive(t, conn, "hello", "", "!\x00\x01", `2["x"]`)
	}
}

func TestOrigin_OnlyTheAllowedOne(t *testing.T) {
	o := suiteOptions()
	o.origin = "https://chat.example"
	server := start(t, o)
	for want, origins := range map[string][][]string{
		"accepted": {nil, {"https://chat.example"}},
		"refused":  {{"https://evil.example"}, {"null"}, {"https://chat.example", "https://evil.example"}},
	} {
		for _, origin := range origins {
			conn, err := server.DialConn(t.Context(), &socketiotest.Options{Header: http.Header{"Origin": origin}})
			if err == nil {
				conn.Close()
			}
			if (err == nil) != (want == "accepted") {
				t.Errorf("%q is not %s: %v", origin, want, err)
			}
		}
	}
}

func TestLoad_HandlersDoTheirWork(t *testing.T) {
	server := start(t, suiteOptions())
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var clients []*socketiotest.Client
	for range 2 {
		client, err := server.Dial(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		clients = append(clients, client)
		if err := client.Expect(ctx, "auth"); err != nil {
			t.Fatal(err)
		}
		if _, err := client.Call(ctx, "join", "room-1"); err != nil {
			t.Fatal(err)
		}
	}
	payload := json.RawMessage(`{"n":1}`)
	answer, err := clients[0].Call(ctx, "echo", payload)
	if err != nil || len(answer.Raw) != 1 || string(answer.Raw[0]) != string(payload) {
		t.Errorf("echo: %s, %v", answer.Raw, err)
	}
	if err := errors.Join(clients[0].Emit("room", "room-1", payload), clients[0].Emit("chat", payload)); err != nil {
		t.Fatal(err)
	}
	err = errors.Join(clients[1].Expect(ctx, "room", nil), clients[1].Expect(ctx, "chat", nil), clients[0].Expect(ctx, "chat", nil))
	if err != nil {
		t.Error(err)
	}
}
