package engineio

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Whatever the order in which a client polls, posts, probes, upgrades, drops
// its WebSocket and leaves, and whenever the server speaks: what was said is
// heard once and in order, in both directions, and another client notices
// nothing.
func TestInterleaving_EverythingIsHeardOnceAndInOrder(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		s.upgradePatience /= 10 // polls of the middle of an upgrade are many here
		witness := s.openWebSocket()
		s.handler()
		rapid.Check(t, func(rt *rapid.T) {
			v := &visitor{testServer: s, sid: s.openPolling()}
			v.server = s.handler()
			v.server.echo = false
			rt.Repeat(map[string]func(*rapid.T){
				"say":     v.say,
				"tell":    v.tell,
				"poll":    v.startPoll,
				"take":    func(*rapid.T) { v.takePoll() },
				"probe":   v.startProbe,
				"upgrade": v.upgrade,
				"drop":    v.drop,
				"":        v.check,
			})
			v.leave(rt)
			witness.send("4still here")
			witness.expect("4still here")
		})
	})
}

// visitor is one client of the model.
type visitor struct {
	*testServer
	sid    string
	server *recorder

	polling  <-chan string // the answer of the poll that waits, or nil
	socket   *client       // nil while there is none
	upgraded bool
	said     []string // by the client
	told     []string // by the server
	heard    []string // by the client
}

func (v *visitor) say(*rapid.T) {
	message := fmt.Sprint("c", len(v.said))
	v.said = append(v.said, message)
	if v.upgraded {
		v.socket.send("4" + message)
		return
	}
	if status, body := v.post(v.poller(v.sid), "4"+message); status != 200 {
		v.t.Fatalf("POST answered %d %s", status, body)
	}
}

func (v *visitor) tell(*rapid.T) {
	message := fmt.Sprint("s", len(v.told))
	v.told = append(v.told, message)
	if err := v.server.session.Send(0, NewText([]byte(message))); err != nil {
		v.t.Fatal(err)
	}
}

func (v *visitor) startPoll(*rapid.T) {
	if v.polling != nil || v.upgraded {
		return
	}
	answer := make(chan string, 1)
	v.polling = answer
	go func() {
		status, body := v.get(v.poller(v.sid))
		answer <- fmt.Sprintf("%d %s", status, body)
	}()
}

// takePoll waits for the poll, if something will end it.
func (v *visitor) takePoll() {
	if v.polling == nil || len(v.heard) == len(v.told) && v.socket == nil {
		return
	}
	answer, ok := strings.CutPrefix(receiveAnswer(v.t, v.polling), "200 ")
	if !ok {
		v.t.Fatalf("poll answered %s", answer)
	}
	v.polling = nil
	v.hear(strings.Split(answer, "\x1e")...)
}

func (v *visitor) hear(packets ...string) {
	for _, packet := range packets {
		if packet != "6" {
			v.heard = append(v.heard, strings.TrimPrefix(packet, "4"))
		}
	}
}

func (v *visitor) startProbe(*rapid.T) {
	if v.socket != nil {
		return
	}
	v.socket = v.probe(v.sid)
	v.socket.send("2probe")
	v.socket.expect("3probe")
}

// upgrade ends the poll before, as clients do.
func (v *visitor) upgrade(*rapid.T) {
	if v.socket == nil || v.upgraded {
		return
	}
	v.takePoll()
	v.socket.send("5")
	v.upgraded = true
}

func (v *visitor) drop(*rapid.T) {
	if v.socket == nil || v.upgraded {
		return
	}
	v.takePoll() // what comes with it is the WebSocket's business no more
	v.socket.conn.Close()
	v.socket = nil
	session := v.session(v.sid)
	await(v.t, "the server to notice", func() bool {
		session.mu.Lock()
		defer session.mu.Unlock()
		return session.polling.probing == nil
	})
}

// check holds at any time: nothing is heard twice or out of order.
func (v *visitor) check(rt *rapid.T) {
	if diff := cmp.Diff(v.told[:min(len(v.heard), len(v.told))], v.heard); len(v.heard) > 0 && diff != "" {
		rt.Fatalf("the client heard (-told +heard):\n%s", diff)
	}
	if got := v.server.got(); len(got) > 0 {
		if diff := cmp.Diff(v.said[:min(len(got), len(v.said))], got); diff != "" {
			rt.Fatalf("the server heard (-said +heard):\n%s", diff)
		}
	}
}

// leave hears what is left, and closes in one of the ways there are.
func (v *visitor) leave(rt *rapid.T) {
	for len(v.heard) < len(v.told) {
		if v.upgraded {
			v.hear(v.socket.read())
			continue
		}
		v.startPoll(rt)
		v.takePoll()
	}
	await(v.t, "the server to hear everything", func() bool { return len(v.server.got()) == len(v.said) })
	v.check(rt)
	switch {
	case v.upgraded && rapid.Bool().Draw(rt, "cut"):
		v.socket.conn.Close()
	case v.upgraded:
		v.socket.send("1")
	default:
		v.post(v.poller(v.sid), "1")
	}
	if reason := v.server.reason(v.t); reason != ReasonTransportClose {
		rt.Fatalf("the session ended for %q", reason)
	}
	if v.polling != nil {
		receiveAnswer(v.t, v.polling)
	}
	if v.socket != nil {
		v.socket.conn.Close()
	}
}
