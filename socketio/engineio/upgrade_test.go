package engineio

import (
	"fmt"
	"testing"
	"time"

	"parley/socketio/internal/wsconn"
)

// probe opens a WebSocket for a session that polls.
func (s *testServer) probe(sid string) *client {
	s.t.Helper()
	return s.dial(websocketQuery+"&sid="+sid, "")
}

func TestUpgrade_MovesTheSessionAndWhatIsQueued(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		sid := s.openPolling()
		h := s.handler()
		answer := s.poll(sid)
		c := s.probe(sid)
		c.send("2probe")
		c.expect("3probe")
		if got := receiveAnswer(t, answer); got != "200 6" {
			t.Errorf("the waiting poll got %q", got)
		}
		h.session.Send(0, NewText([]byte("a")), NewBinary([]byte("b")))
		h.session.Send(Deferred, NewText([]byte("c")))
		if got := h.session.Transport(); got != TransportPolling {
			t.Errorf("transport is %q before the upgrade", got)
		}
		c.sendRaw(masked(wsconn.OpText, "5") + masked(wsconn.OpText, "4echo"))
		c.expect("4a", "binary:b", "4c", "4echo")
		if got := h.session.Transport(); got != TransportWebSocket {
			t.Errorf("transport is %q after the upgrade", got)
		}
		if status, body := s.get(s.poller(sid)); status != 400 || body != `{"code":3,"message":"Bad request"}` {
			t.Errorf("a poll after the upgrade is answered %d %s", status, body)
		}
		if status, _ := s.post(s.poller(sid), "4x"); status != 400 {
			t.Errorf("a POST after the upgrade is answered %d", status)
		}
		c.send("4alive")
		c.expect("4alive")
	})
}

func TestUpgrade_PollsDuringTheProbeAreAnsweredSoon(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		sid := s.openPolling()
		c := s.probe(sid)
		c.send("2probe")
		c.expect("3probe")
		if _, body := s.get(s.poller(sid)); body != "6" {
			t.Errorf("poll answered %q", body)
		}
		c.send("5")
		c.send("4a")
		c.expect("4a")
	})
}

func TestUpgrade_AWebSocketThatDoesNotProbeIsClosedAndPollingLives(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		for _, messages := range [][]string{{"4hello"}, {"5"}, {"3probe"}, {"2probe", "4hello"}, {"2probe", "2probe"}, {"2probe", "1"}} {
			t.Run(fmt.Sprint(messages), func(t *testing.T) {
				s := start(t, Options{})
				sid := s.openPolling()
				c := s.probe(sid)
				for _, message := range messages {
					c.send(message)
				}
				c.expectClose(wsconn.CloseProtocolError)
				s.mustPoll(sid)
			})
		}
	})
}

// mustPoll checks that a session polls as usual.
func (s *testServer) mustPoll(sid string) {
	s.t.Helper()
	answer := s.poll(sid)
	s.post(s.poller(sid), "4alive")
	if got := receiveAnswer(s.t, answer); got != "200 4alive" {
		s.t.Errorf("poll answered %q", got)
	}
}

func TestUpgrade_ASocketThatDiesInTheProbeLeavesPollingAlive(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		sid := s.openPolling()
		c := s.probe(sid)
		c.send("2probe")
		c.expect("3probe")
		c.conn.Close()
		session := s.session(sid)
		await(t, "the server to notice", func() bool {
			session.mu.Lock()
			defer session.mu.Unlock()
			return session.polling.probing == nil
		})
		s.mustPoll(sid)
		again := s.probe(sid)
		again.send("2probe")
		again.expect("3probe")
		again.send("5")
		again.send("4done")
		again.expect("4done")
	})
}

// A client that does not wait for its poll sends "5" at once, on one connection,
// and polls on another: the poll may arrive first.
func TestUpgrade_APollThatOvertakesTheEndOfTheUpgradeIsRefused(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		s.upgradePatience = patience
		sid := s.openPolling()
		c := s.probe(sid)
		c.send("2probe")
		c.expect("3probe")
		answer := s.poll(sid)
		c.send("5")
		if got := receiveAnswer(t, answer); got != `400 {"code":3,"message":"Bad request"}` {
			t.Errorf("the poll got %q", got)
		}
		c.send("4hello")
		c.expect("4hello")
	})
}

func TestUpgrade_APollInTheMiddleGetsWhatIsSentMeanwhile(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		s.upgradePatience = patience
		sid := s.openPolling()
		c := s.probe(sid)
		c.send("2probe")
		c.expect("3probe")
		answer := s.poll(sid)
		s.handler().session.Send(0, NewText([]byte("news")))
		if got := receiveAnswer(t, answer); got != "200 4news" {
			t.Errorf("the poll got %q", got)
		}
	})
}

func TestUpgrade_ASocketThatDoesNotFinishInTimeIsClosed(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{UpgradeTimeout: 100 * time.Millisecond})
		sid := s.openPolling()
		c := s.probe(sid)
		c.send("2probe") // is answered, unless the time is over before
		c.expectClose(0)
		s.mustPoll(sid)
	})
}

func TestUpgrade_ASecondWebSocketIsClosed(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		sid := s.openPolling()
		c := s.probe(sid)
		c.send("2probe")
		c.expect("3probe")
		s.probe(sid).expectClose(wsconn.ClosePolicyViolation) // while the first is being probed
		c.send("5")
		c.send("4a")
		c.expect("4a")
		s.probe(sid).expectClose(wsconn.ClosePolicyViolation) // after it has won
		c.send("4b")
		c.expect("4b")
	})
}

func TestUpgrade_ClosingTheSessionClosesTheProbe(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		sid := s.openPolling()
		c := s.probe(sid)
		c.send("2probe")
		c.expect("3probe")
		s.handler().session.Close(ReasonForcedClose)
		c.expectClose(0)
	})
}

func TestUpgrade_APostThatIsOnItsWayIsDelivered(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		sid := s.openPolling()
		h := s.handler()
		h.echo = false
		c := s.probe(sid)
		c.send("2probe")
		c.expect("3probe")
		s.post(s.poller(sid), "4by post")
		c.send("5")
		c.send("4by socket")
		await(t, "both messages", func() bool { return len(h.got()) == 2 })
		if got := h.got(); got[0] != "by post" || got[1] != "by socket" {
			t.Errorf("got %q", got)
		}
	})
}
