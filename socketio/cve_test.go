package socketio_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"parley/socketio"
	"parley/socketio/socketiotest"
)

// What has felled the Node server is refused here, or harmless, and another
// client notices nothing. Those about HTTP and WebSocket are in
// engineio/http_test.go and engineio/websocket_test.go.

// attacked is a server with a client that lives through every attack.
type attacked struct {
	*socketiotest.Server
	witness *socketiotest.Client
}

// underAttack runs f over both drivers.
func underAttack(t *testing.T, f func(t *testing.T, server *attacked)) {
	for name, goroutines := range map[string]bool{"best driver": false, "goroutine per connection": true} {
		t.Run(name, func(t *testing.T) {
			opts := quiet(t)
			opts.Engine.GoroutinePerConn = goroutines
			io := socketio.New(opts)
			handleSettle(io.Of("/"))
			server := start(t, io)
			attacked := &attacked{server, dial(t, server, nil)}
			f(t, attacked)
			settled(t, attacked.witness)
		})
	}
}

// send has a client of its own send messages over each transport; a leading !
// makes one binary. It tells whether the server closed the connection.
func (a *attacked) send(t *testing.T, messages ...string) (closed []bool) {
	t.Helper()
	for _, transport := range []string{socketiotest.WebSocket, socketiotest.Polling} {
		client := dial(t, a.Server, &socketiotest.Options{Transport: transport})
		for _, message := range messages {
			if data, binary := strings.CutPrefix(message, "!"); binary {
				_ = client.Conn().SendBinary([]byte(data)) // may find it closed
			} else {
				_ = client.Conn().Send(message)
			}
		}
		_ = client.Conn().Send(`2["settle"]`)
		err := client.Expect(testContext(t), "settled")
		if err != nil && !errors.Is(err, socketiotest.ErrClosed) {
			t.Fatal(err)
		}
		closed = append(closed, err != nil)
	}
	return closed
}

func (a *attacked) mustClose(t *testing.T, messages ...string) {
	t.Helper()
	for i, closed := range a.send(t, messages...) {
		if !closed {
			t.Errorf("%.80q leaves connection %d open", messages, i)
		}
	}
}

// A placeholder that points at no attachment, or at a property.
func TestCVE_2022_2421_PlaceholderIndex(t *testing.T) {
	underAttack(t, func(t *testing.T, server *attacked) {
		for _, num := range []string{`"splice"`, `1`, `10`, `-1`, `0.5`, `1e99`, `null`, `{}`, `"0"`} {
			server.mustClose(t, `51-["x",{"_placeholder":true,"num":`+num+`}]`, "!data")
		}
	})
}

// A transport that is a property of every object.
func TestCVE_2023_31125_TransportQuery(t *testing.T) {
	underAttack(t, func(t *testing.T, server *attacked) {
		t.Cleanup(http.DefaultClient.CloseIdleConnections)
		for _, query := range []string{
			"transport=constructor", "transport=__proto__", "transport=toString", "transport=", "transport[]=polling",
			"transport=polling%00", "transport=polling&transport=constructor&sid=__proto__", "",
		} {
			response, err := http.Get(server.URL + "/socket.io/?EIO=4&" + query)
			must(t, err)
			body, err := io.ReadAll(response.Body)
			must(t, err)
			must(t, response.Body.Close())
			if response.StatusCode != http.StatusBadRequest {
				t.Errorf("%q is answered %d %s", query, response.StatusCode, body)
			}
		}
	})
}

// An event name that is no string.
func TestCVE_2023_32695_EventNameType(t *testing.T) {
	underAttack(t, func(t *testing.T, server *attacked) {
		for _, packet := range []string{`2[{"toString":"foo"}]`, `2[null]`, `2[true]`, `2[["x"]]`, `2[]`, `2{}`, `2"x"`, `50-[{}]`} {
			server.mustClose(t, packet)
		}
	})
}

// An event named "error" that nobody handles, and others that mean something to
// an emitter of Node's.
func TestCVE_2024_38355_UnhandledError(t *testing.T) {
	underAttack(t, func(t *testing.T, server *attacked) {
		for i, closed := range server.send(t, `2["error"]`, `2["error",{"message":"boom"}]`, `21["error"]`, `2["__proto__"]`, `2["constructor"]`) {
			if closed {
				t.Errorf("connection %d is closed", i)
			}
		}
		for _, name := range []string{"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"} {
			server.mustClose(t, `2["`+name+`"]`)
		}
	})
}

// A packet that announces more attachments than anybody would hold.
func TestCVE_2026_33151_UnboundedAttachments(t *testing.T) {
	underAttack(t, func(t *testing.T, server *attacked) {
		for _, count := range []string{"11", "1000000", "99999999999999999999", "-1", "1e3", ""} {
			server.mustClose(t, `5`+count+`-["x",{"_placeholder":true,"num":0}]`, "!data")
		}
	})
}
