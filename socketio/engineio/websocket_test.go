package engineio

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/socketio/internal/wsconn"
)

const websocketQuery = "EIO=4&transport=websocket"

func TestWebSocket_HandshakeOffersNoUpgrade(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{GenerateID: func(*http.Request) string { return "lv_VI97HAXpY6yYWAAAC" }})
		c := s.dial(websocketQuery, "")
		c.expect(`0{"sid":"lv_VI97HAXpY6yYWAAAC","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`)
	})
}

func TestWebSocket_EchoesTextAndBinary(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		c := s.openWebSocket()
		c.send("4hello €")
		c.expect("4hello €")
		c.sendBinary("\x01\x02\x03\x04")
		c.expect("binary:\x01\x02\x03\x04")
		c.send("bAQIDBA==")
		c.expect("binary:\x01\x02\x03\x04")
		c.sendBinary("")
		c.expect("binary:")
		c.send("4")
		c.expect("4")
	})
}

func TestWebSocket_EchoesWhateverTheSize(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		c := s.openWebSocket()
		for _, size := range []int{1, 124, 125, 126, 4096, 65534, 65535, 65536, 999_999} {
			message := "4" + strings.Repeat("x", size)
			c.send(message)
			c.expect(message)
		}
	})
}

func TestWebSocket_FramesThatCloseTheSession(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		tests := []struct {
			name, frame string
			code        int
			reason      Reason
		}{
			{"empty text", masked(wsconn.OpText, ""), 1002, ReasonParseError},
			{"unknown type", masked(wsconn.OpText, "abc"), 1002, ReasonParseError},
			{"ping of a client", masked(wsconn.OpText, "2"), 1002, ReasonParseError},
			{"probe of a session", masked(wsconn.OpText, "2probe"), 1002, ReasonParseError},
			{"broken base64", masked(wsconn.OpText, "b!"), 1002, ReasonParseError},
			{"too big", masked(wsconn.OpText, "4"+strings.Repeat("x", 1000)), 1009, ReasonTooLarge},
			{"not UTF-8", masked(wsconn.OpText, "4\xff"), 1007, ReasonParseError},
			{"not masked", string(wsconn.AppendFrame(nil, wsconn.OpText, []byte("4x"))), 1002, ReasonTransportError},
			{"close packet", masked(wsconn.OpText, "1"), 1000, ReasonTransportClose},
			{"close frame", masked(wsconn.OpClose, "\x0b\xb8bye"), 3000, ReasonTransportClose},
			{"close frame without code", masked(wsconn.OpClose, ""), 1005, ReasonTransportClose},
		}
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				s := start(t, Options{MaxPayload: 1000})
				c := s.openWebSocket()
				c.sendRaw(masked(wsconn.OpText, "4before") + test.frame + masked(wsconn.OpText, "4after"))
				c.expect("4before")
				c.expectClose(test.code)
				h := s.handler()
				if got := h.reason(t); got != test.reason {
					t.Errorf("reason %q, want %q", got, test.reason)
				}
				if diff := cmp.Diff([]string{"before"}, h.got()); diff != "" {
					t.Errorf("delivered: %s", diff)
				}
				await(t, "the session to be forgotten", func() bool { return s.Len() == 0 && s.Closed()[test.reason] == 1 })
			})
		}
	})
}

func TestWebSocket_IgnoresPacketsOfNoMeaning(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		c := s.openWebSocket()
		for _, packet := range []string{"0{}", "5", "6", "3", "4a"} {
			c.send(packet)
		}
		c.expect("4a")
	})
}

func TestWebSocket_AnswersPings(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		c := s.openWebSocket()
		c.sendRaw(masked(wsconn.OpPing, "hey"))
		c.expect("pong:hey")
	})
}

func TestWebSocket_AVanishedClientIsATransportClose(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		c := s.openWebSocket()
		c.conn.Close()
		if got := s.handler().reason(t); got != ReasonTransportClose {
			t.Errorf("reason %q", got)
		}
		await(t, "the session to be forgotten", func() bool { return s.Len() == 0 })
	})
}

func TestWebSocket_WhatIsQueuedBeforeACloseIsDelivered(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		c := s.openWebSocket()
		h := s.handler()
		want := make([]string, 1000)
		for i := range want {
			want[i] = fmt.Sprintf("4message %d", i)
			h.session.Send(Deferred, NewText([]byte(want[i][1:])))
		}
		h.session.Close(ReasonForcedClose)
		c.expect(want...)
		c.expectClose(1000)
		if got := h.reason(t); got != ReasonForcedClose {
			t.Errorf("reason %q", got)
		}
	})
}

func TestWebSocket_CallsOfSendNeverOvertake(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		c := s.openWebSocket()
		session := s.handler().session
		var want []string
		for i := range 500 {
			flags := Flags(0)
			if i%3 == 0 {
				flags = Deferred
			}
			header, attachment := fmt.Sprintf("header %d", i), fmt.Sprintf("attachment %d", i)
			session.Send(flags, NewText([]byte(header)), NewBinary([]byte(attachment)))
			want = append(want, "4"+header, "binary:"+attachment)
		}
		c.expect(want...)
	})
}

func TestWebSocket_WhatIsSentInOpenFollowsTheHandshake(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{Open: func(s *Session, r *http.Request) Handler {
			s.Send(0, NewText([]byte("welcome")))
			return &recorder{session: s, closed: make(chan struct{})}
		}})
		c := s.dial(websocketQuery, "")
		parseHandshake(t, c.read())
		c.expect("4welcome")
	})
}

func TestWebSocket_ANilHandlerClosesTheSession(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{Open: func(s *Session, r *http.Request) Handler { return nil }})
		c := s.dial(websocketQuery, "")
		c.expectClose(1000)
		await(t, "the session to be forgotten", func() bool { return s.Len() == 0 })
	})
}

func TestWebSocket_AClientThatDoesNotReadIsCut(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{MaxQueueBytes: 1 << 20})
		s.openWebSocket()
		h := s.handler()
		frame := NewText([]byte(strings.Repeat("x", 64<<10)))
		var err error
		for sent := 0; err == nil; sent++ {
			if sent > 10_000 {
				t.Fatal("600 MB are queued for a client that does not read")
			}
			err = h.session.Send(0, frame)
		}
		if !errors.Is(err, ErrQueueFull) {
			t.Errorf("got %v", err)
		}
		if got := h.reason(t); got != ReasonQueueFull {
			t.Errorf("reason %q", got)
		}
	})
}

func TestWebSocket_VolatileFramesAreDroppedWhenTheClientDoesNotRead(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		c := s.openWebSocket()
		h := s.handler()
		frame := NewText([]byte(strings.Repeat("x", 64<<10)))
		const sent = 10_000
		for range sent {
			if err := h.session.Send(Volatile, frame); err != nil {
				t.Fatal(err)
			}
		}
		h.session.Send(0, NewText([]byte("end")))
		received := 0
		for c.read() != "4end" {
			received++
		}
		if received == 0 || received == sent {
			t.Errorf("%d of %d volatile frames were received", received, sent)
		}
	})
}

func TestWebSocket_APanicInTheHandlerEndsItsSessionOnly(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{Open: nil})
		witness := s.openWebSocket()
		s.handler()
		s.opts.Open = func(session *Session, r *http.Request) Handler {
			h := &panicking{recorder{session: session, closed: make(chan struct{})}}
			s.open <- &h.recorder
			return h
		}
		c := s.openWebSocket()
		c.send("4boom")
		c.expectClose(wsconn.CloseInternalError)
		if got := s.handler().reason(t); got != ReasonHandlerPanicked {
			t.Errorf("reason %q", got)
		}
		witness.send("4alive")
		witness.expect("4alive")
	})
}

// panicking is a Handler with a mistake.
type panicking struct{ recorder }

func (p *panicking) Message([]byte, bool) { panic("mistake") }

func TestWebSocket_CloseInsideMessageIsTheLastCallOfMessage(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		s.opts.Open = func(session *Session, r *http.Request) Handler {
			h := &closing{recorder{session: session, closed: make(chan struct{})}}
			s.open <- &h.recorder
			return h
		}
		c := s.openWebSocket()
		c.sendRaw(strings.Repeat(masked(wsconn.OpText, "4x"), 100))
		c.expectClose(1000)
		h := s.handler()
		if got := h.reason(t); got != ReasonForcedClose {
			t.Errorf("reason %q", got)
		}
		if got := len(h.got()); got != 1 {
			t.Errorf("Message was called %d times", got)
		}
	})
}

// closing is a Handler that closes its session at the first message.
type closing struct{ recorder }

func (c *closing) Message(data []byte, binary bool) {
	c.recorder.Message(data, binary)
	c.session.Close(ReasonForcedClose)
}

// CVE-2026-48779: a message in very many tiny fragments.
func TestWebSocket_TinyFragmentsAreCapped(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		c := s.openWebSocket()
		first := []byte(masked(wsconn.OpText, "4"))
		first[0] &^= 0x80
		next := []byte(masked(wsconn.OpContinuation, ""))
		next[0] &^= 0x80
		c.sendRaw(string(first) + strings.Repeat(string(next), maxFragments))
		c.expectClose(wsconn.CloseTooBig)
	})
}

// CVE-2024-37890: very many headers.
func TestWebSocket_ManyHeadersDoNotHurtOthers(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		witness := s.openWebSocket()
		conn, err := net.Dial("tcp", s.http.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		request := upgradeRequest(websocketQuery)
		many := strings.TrimSuffix(request, "\r\n") + strings.Repeat("X-A: b\r\n", 5000) + "\r\n"
		c := &client{t: t, conn: conn}
		c.sendRaw(many)
		conn.Close()
		witness.send("4alive")
		witness.expect("4alive")
	})
}
