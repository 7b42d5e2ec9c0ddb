package socketio_test

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"parley/socketio"
	"parley/socketio/engineio"
	"parley/socketio/socketiotest"
)

// TestProtocol_ViolationsCloseTheConnection sends each sequence of messages to
// a connection that is in "/"; a leading ! makes a message binary.
func TestProtocol_ViolationsCloseTheConnection(t *testing.T) {
	io := socketio.New(quiet(t))
	io.Of("/custom")
	io.HandleUnknown(socketio.HandlerFunc(func(_ context.Context, e *socketio.Event) error {
		if e.Name != "fine" {
			t.Errorf("handled %q", e.Name)
		}
		return nil
	}))
	reasons := make(chan socketio.Reason, 1)
	io.OnConnect(func(_ context.Context, s *socketio.Socket) error {
		s.OnDisconnect(func(r socketio.Reason) { reasons <- r })
		return nil
	})
	server := start(t, io)
	for _, messages := range [][]string{
		{`0`}, {`0{}`}, {`0/custom,`, `0/custom,`}, {`4{"message":"x"}`},
		{`2/custom,["x"]`}, {`3/custom,1[]`}, {`1/custom,`}, {`1`, `2["x"]`}, {`1`, `1`},
		{`2[]`}, {`2[null]`}, {`2[{}]`}, {`2["connect"]`}, {`2["x"]x`}, {`31{}`}, {`9`}, {`x`},
		{`0/custom,[]`}, {`51-["x",{"_placeholder":true,"num":0}]`, `2["x"]`}, {`!x`}, {`511-["x"]`},
		{`52-["x"]`, "!" + strings.Repeat("a", 600_000), "!" + strings.Repeat("a", 400_000)},
	} {
		for _, transport := range []string{socketiotest.WebSocket, socketiotest.Polling} {
			client := dial(t, server, &socketiotest.Options{Transport: transport})
			for _, message := range messages {
				if data, binary := strings.CutPrefix(message, "!"); binary {
					_ = client.Conn().SendBinary([]byte(data)) // may find it closed
				} else {
					_ = client.Conn().Send(message)
				}
			}
			for {
				if _, err := client.Next(testContext(t)); errors.Is(err, socketiotest.ErrClosed) {
					break
				} else if err != nil {
					t.Fatalf("%s %.60q: %v", transport, messages, err)
				}
			}
			if r := got(t, reasons); r != engineio.ReasonParseError && !strings.HasPrefix(messages[0], "1") {
				t.Errorf("%s %.60q: reason %q", transport, messages, r)
			}
		}
	}
}

func TestProtocol_WhatLooksOddIsAccepted(t *testing.T) {
	io := socketio.New(quiet(t))
	io.Of("/custom")
	io.HandleUnknown(socketio.HandlerFunc(func(_ context.Context, e *socketio.Event) error {
		return e.Socket.Emit("name", e.Name)
	}))
	server := start(t, io)
	client := dial(t, server, nil)
	for _, message := range []string{`399[]`, `3123456["x"]`, `0/custom`, `0/nowhere,`} {
		must(t, client.Conn().Send(message))
	}
	for message, want := range map[string]string{
		`2[7]`: "7", `2["error"]`: "error", `2["__proto__"]`: "__proto__", `50-["zero"]`: "zero", `20["ack"]`: "ack",
	} {
		must(t, client.Conn().Send(message))
		if name := expect[string](t, client, "name"); name != want {
			t.Errorf("%s: handled as %q", message, name)
		}
	}
}

func TestClient_FilesAreServed(t *testing.T) {
	opts := quiet(t)
	opts.Client = fstest.MapFS{
		"socket.io.min.js": {Data: []byte("client()")}, "secret.txt": {Data: []byte("no")}, "socket.io.d": {Mode: fs.ModeDir},
	}
	server := start(t, socketio.New(opts))
	request := func(method, path, etag string) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(testContext(t), method, server.URL+path, nil)
		must(t, err)
		r.Header.Set("If-None-Match", etag)
		response, err := http.DefaultClient.Do(r)
		must(t, err)
		must(t, response.Body.Close())
		return response
	}
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	file := request("GET", "/socket.io/socket.io.min.js", "")
	if file.StatusCode != 200 || file.ContentLength != 8 || !strings.HasPrefix(file.Header.Get("Content-Type"), "text/javascript") {
		t.Errorf("got %v", file)
	}
	for _, test := range []struct {
		method, path string
		want         int
	}{
		{"HEAD", "/socket.io/socket.io.min.js", 200}, {"POST", "/socket.io/socket.io.min.js", 405},
		{"GET", "/socket.io/secret.txt", 404}, {"GET", "/socket.io/socket.io.js", 404}, {"GET", "/socket.io/socket.io.d", 404},
		{"GET", "/socket.io/../secret.txt", 404}, {"GET", "/socket.io/", 400},
	} {
		if got := request(test.method, test.path, "").StatusCode; got != test.want {
			t.Errorf("%s %s: %d, want %d", test.method, test.path, got, test.want)
		}
	}
	if got := request("GET", "/socket.io/socket.io.min.js", file.Header.Get("ETag")).StatusCode; got != 304 {
		t.Errorf("with its ETag: %d", got)
	}
}

func TestClient_NoFilesByDefault(t *testing.T) {
	server := start(t, socketio.New(quiet(t)))
	response, err := http.Get(server.URL + "/socket.io/socket.io.js")
	must(t, err)
	must(t, response.Body.Close())
	http.DefaultClient.CloseIdleConnections()
	if response.StatusCode != 404 {
		t.Errorf("got %d", response.StatusCode)
	}
}
