package socketio_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"parley/socketio"
	"parley/socketio/socketiotest"
)

// pollerV2 is a client of Socket.IO 2 that polls.
type pollerV2 struct {
	t    *testing.T
	url  string
	sid  string
	left []string // messages not yet asked for
}

func dialV2(t *testing.T, server *socketiotest.Server) *pollerV2 {
	t.Helper()
	p := &pollerV2{t: t, url: server.URL + "/socket.io/?EIO=3&transport=polling&b64=1"}
	p.sid = regexp.MustCompile(`"sid":"([^"]+)"`).FindStringSubmatch(p.do("GET", ""))[1]
	p.url += "&sid=" + p.sid
	t.Cleanup(func() {
		p.do("POST", "1:1")
		http.DefaultClient.CloseIdleConnections()
	})
	return p
}

func (p *pollerV2) do(method, body string) string {
	p.t.Helper()
	request, err := http.NewRequest(method, p.url, strings.NewReader(body))
	must(p.t, err)
	response, err := http.DefaultClient.Do(request)
	must(p.t, err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	must(p.t, err)
	return string(answer)
}

func (p *pollerV2) send(packet string) {
	p.t.Helper()
	p.do("POST", strconv.Itoa(len(packet)+1)+":4"+packet)
}

// expect waits for Socket.IO packets, all in ASCII.
func (p *pollerV2) expect(want ...string) {
	p.t.Helper()
	for _, w := range want {
		for len(p.left) == 0 {
			for rest := p.do("GET", ""); rest != ""; {
				digits, body, _ := strings.Cut(rest, ":")
				size, err := strconv.Atoi(digits)
				must(p.t, err)
				p.left = append(p.left, body[:size])
				rest = body[size:]
			}
		}
		if p.left[0] != "4"+w {
			p.t.Fatalf("got %q, want %q", p.left[0], "4"+w)
		}
		p.left = p.left[1:]
	}
}

func TestV2_ClientsAreInTheMainNamespaceWithoutAsking(t *testing.T) {
	opts := quiet(t)
	opts.Engine.AllowEIO3 = true
	io := socketio.New(opts)
	io.OnConnect(func(_ context.Context, s *socketio.Socket) error { return s.Emit("hi", s.ID()) })
	io.HandleFunc("ask", func(_ context.Context, e *socketio.Event) error { return e.Ack(e.Args.Values()...) })
	custom := io.Of("/custom")
	custom.OnConnect(func(_ context.Context, s *socketio.Socket) error {
		return s.Emit("hi", s.ID(), s.Handshake().Auth)
	})
	p := dialV2(t, start(t, io))
	p.expect(`0`, `2["hi","`+p.sid+`"]`)
	p.send(`21["ask",1]`)
	p.expect(`31[1]`)
	p.send(`0/custom?token=a%20b&x=1,`)
	p.expect(`0/custom,`, `2/custom,["hi","/custom#`+p.sid+`",{"token":"a b","x":"1"}]`)
	p.send(`1/custom,`)
	p.send(`0/custom`)
	p.expect(`0/custom,`, `2/custom,["hi","/custom#`+p.sid+`",null]`)
}

func TestV2_RefusalsAreAnyJSON(t *testing.T) {
	opts := quiet(t)
	opts.Engine.AllowEIO3 = true
	io := socketio.New(opts)
	io.Of("/plain").Use(refuseWith(&socketio.ConnectError{Message: "not you"}))
	io.Of("/data").Use(refuseWith(&socketio.ConnectError{Message: "not you", Data: map[string]int{"code": 7}}))
	p := dialV2(t, start(t, io))
	p.expect(`0`)
	for packet, want := range map[string]string{
		`0/plain,`: `4/plain,"not you"`, `0/data?%zz,`: `4/data,{"code":7}`, `0/none?a=1,`: `4/none,"Invalid namespace"`,
	} {
		p.send(packet)
		p.expect(want)
	}
}

func refuseWith(err error) func(socketio.ConnectFunc) socketio.ConnectFunc {
	return func(socketio.ConnectFunc) socketio.ConnectFunc {
		return func(context.Context, *socketio.Socket) error { return err }
	}
}

func TestV2_OldAndNewClientsTalk(t *testing.T) {
	opts := quiet(t)
	opts.Engine.AllowEIO3 = true
	io := socketio.New(opts)
	io.HandleFunc("say", func(_ context.Context, e *socketio.Event) error {
		return e.Socket.Broadcast().Emit("said", e.Args.Values()...)
	})
	server := start(t, io)
	p := dialV2(t, server)
	p.expect(`0`)
	client := dial(t, server, nil)
	p.send(`2["say","from old"]`)
	if got := expect[string](t, client, "said"); got != "from old" {
		t.Errorf("got %q", got)
	}
	must(t, client.Emit("say", json.RawMessage(`{"from":"new"}`)))
	p.expect(`2["said",{"from":"new"}]`)
}

func TestV2_NothingIsKeptForTheirReturn(t *testing.T) {
	opts := quiet(t)
	opts.Engine.AllowEIO3 = true
	opts.Recovery = &socketio.Recovery{}
	io := socketio.New(opts)
	io.OfMatching(func(string) bool { return true })
	io.OnConnect(func(_ context.Context, s *socketio.Socket) error { return s.Join("room") })
	p := dialV2(t, start(t, io))
	p.expect(`0`)
	p.send(`0/awaited`)
	p.expect(`0/awaited,`)
	if got := names(io); got != "/ /awaited" {
		t.Errorf("namespaces %s", got)
	}
	p.do("POST", "1:1") // a lost connection to others: they may come back
	eventually(t, "the namespace has nobody left to wait for", func() bool { return names(io) == "/" })
}
