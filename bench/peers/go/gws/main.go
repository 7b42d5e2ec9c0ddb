// Command gws serves the benchmark's load handlers on github.com/lxzan/gws, with just enough Socket.IO on top: the
// same bytes on the wire as Socket.IO servers, a frame prepared once per broadcast, no heartbeats, no checks.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/lxzan/gws"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:3100", "address and port")
	flag.Parse()
	s := &server{all: set{}, rooms: map[string]set{}}
	upgrader := gws.NewUpgrader(s, nil)
	http.HandleFunc("/socket.io/", func(w http.ResponseWriter, r *http.Request) {
		socket, err := upgrader.Upgrade(w, r)
		if err != nil {
			log.Print(err)
			return
		}
		go socket.ReadLoop()
	})
	go collect()
	log.Fatal(http.ListenAndServe(*listen, nil))
}

type set map[*gws.Conn]struct{}

type server struct {
	gws.BuiltinEventHandler
	sids atomic.Uint64

	mu    sync.RWMutex // guards the maps below
	all   set
	rooms map[string]set
}

func (s *server) OnOpen(c *gws.Conn) {
	s.send(c, fmt.Appendf(nil, `0{"sid":"%020d","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`, s.sids.Add(1)))
}

func (s *server) OnClose(c *gws.Conn, _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, c)
	for _, members := range s.rooms {
		delete(members, c)
	}
}

func (s *server) OnMessage(c *gws.Conn, message *gws.Message) {
	defer func() { _ = message.Close() }() // it only returns a buffer
	text := message.Bytes()
	if string(text) == "40" {
		s.mu.Lock()
		s.all[c] = struct{}{}
		s.mu.Unlock()
		s.send(c, fmt.Appendf(nil, `40{"sid":"%020d"}`, s.sids.Add(1)))
		return
	}
	bracket := bytes.IndexByte(text, '[')
	if bracket < 2 {
		return // a farewell, or an answer to a ping
	}
	id, words := text[2:bracket], bytes.Split(text[bracket:], []byte{'"'})
	switch {
	case len(words) == 5 && string(words[1]) == "chat":
		s.broadcast(nil, text, func() set { return s.all })
	case len(words) == 5 && string(words[1]) == "echo":
		s.send(c, fmt.Appendf(nil, `43%s["%s"]`, id, words[3]))
	case len(words) == 5 && string(words[1]) == "join":
		s.join(c, string(words[3]))
		s.send(c, fmt.Appendf(nil, "43%s[]", id))
	case len(words) == 7 && string(words[1]) == "room":
		s.broadcast(c, fmt.Appendf(nil, `42["room","%s"]`, words[5]), func() set { return s.rooms[string(words[3])] })
	}
}

func (s *server) join(c *gws.Conn, room string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rooms[room] == nil {
		s.rooms[room] = set{}
	}
	s.rooms[room][c] = struct{}{}
}

func (s *server) broadcast(except *gws.Conn, text []byte, to func() set) {
	frame := gws.NewBroadcaster(gws.OpcodeText, text)
	defer func() { _ = frame.Close() }() // it only returns a buffer
	s.mu.RLock()
	defer s.mu.RUnlock()
	for c := range to() {
		if c != except {
			_ = frame.Broadcast(c) // an error closes that connection, which OnClose hears of
		}
	}
}

func (s *server) send(c *gws.Conn, text []byte) {
	_ = c.WriteMessage(gws.OpcodeText, text) // an error closes the connection, which OnClose hears of
}

// collect returns memory to the system on SIGUSR2.
func collect() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR2)
	for range signals {
		debug.FreeOSMemory()
	}
}
