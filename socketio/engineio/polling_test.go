package engineio

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPolling_HandshakeHasExactlyTheFieldsOfTheProtocol(t *testing.T) {
	s := start(t, Options{GenerateID: func(*http.Request) string { return "lv_VI97HAXpY6yYWAAAC" }})
	response, err := s.http.Client().Get(s.url("EIO=4&transport=polling"))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	want := `0{"sid":"lv_VI97HAXpY6yYWAAAC","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`
	if string(body) != want {
		t.Errorf("got %s", body)
	}
	if got := response.Header.Get("Content-Type"); got != "text/plain; charset=UTF-8" {
		t.Errorf("content type is %q", got)
	}
	if got := response.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("cache control is %q", got)
	}
}

func TestPolling_EchoesAPostOfThreePacketsInOnePayload(t *testing.T) {
	s := start(t, Options{})
	sid := s.openPolling()
	status, body := s.post(s.poller(sid), "4test1\x1e4test2\x1ebAQIDBA==")
	if status != 200 || body != "ok" {
		t.Fatalf("POST answered %d %q", status, body)
	}
	if _, body := s.get(s.poller(sid)); body != "4test1\x1e4test2\x1ebAQIDBA==" {
		t.Errorf("poll answered %q", body)
	}
}

func TestPolling_AnswersAWaitingPoll(t *testing.T) {
	s := start(t, Options{})
	sid := s.openPolling()
	answer := s.poll(sid)
	s.handler().session.Send(0, NewText([]byte("hi")))
	if got := receiveAnswer(t, answer); got != "200 4hi" {
		t.Errorf("got %q", got)
	}
}

func TestPolling_PostsThatCloseTheSession(t *testing.T) {
	tests := []struct {
		name, body string
		reason     Reason
		poll       string // what the waiting poll is answered
		delivered  []string
	}{
		{"unknown type", "abc", ReasonParseError, "200 1", nil},
		{"empty", "", ReasonParseError, "200 1", nil},
		{"empty packet after a good one", "4a\x1e", ReasonParseError, "200 1", []string{"a"}},
		{"ping of a client", "2", ReasonParseError, "200 1", nil},
		{"broken base64", "b!", ReasonParseError, "200 1", nil},
		{"not UTF-8", "4\xff", ReasonParseError, "200 1", nil},
		{"close", "4a\x1e1\x1e4b", ReasonTransportClose, "200 6", []string{"a"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, Options{Open: nil})
			sid := s.openPolling()
			h := s.handler()
			h.echo = false
			answer := s.poll(sid)
			if status, body := s.post(s.poller(sid), test.body); status != 200 || body != "ok" {
				t.Errorf("POST answered %d %q", status, body)
			}
			if got := receiveAnswer(t, answer); got != test.poll {
				t.Errorf("the waiting poll got %q, want %q", got, test.poll)
			}
			if got := h.reason(t); got != test.reason {
				t.Errorf("reason %q, want %q", got, test.reason)
			}
			if diff := cmp.Diff(test.delivered, h.got()); diff != "" {
				t.Errorf("delivered: %s", diff)
			}
			if status, _ := s.get(s.poller(sid)); status != 400 {
				t.Errorf("the next poll is answered %d", status)
			}
		})
	}
}

// The POST with the close packet and the GET travel on two connections: the
// POST may arrive first.
func TestPolling_APollThatIsOvertakenByTheCloseGetsANoop(t *testing.T) {
	s := start(t, Options{CloseTimeout: patience})
	sid := s.openPolling()
	h := s.handler()
	h.session.Send(0, NewText([]byte("too late")))
	if status, body := s.post(s.poller(sid), "1"); status != 200 || body != "ok" {
		t.Errorf("the close is answered %d %q", status, body)
	}
	if got := h.reason(t); got != ReasonTransportClose {
		t.Errorf("reason %q", got)
	}
	if status, _ := s.post(s.poller(sid), "4x"); status != 400 {
		t.Errorf("a POST after the close is answered %d", status)
	}
	if status, body := s.get(s.poller(sid)); status != 200 || body != "6" {
		t.Errorf("the poll got %d %q", status, body)
	}
	if status, _ := s.get(s.poller(sid)); status != 400 {
		t.Errorf("the next poll is answered %d", status)
	}
}

func TestPolling_AClosedSessionIsForgottenWithoutAPoll(t *testing.T) {
	s := start(t, Options{CloseTimeout: time.Millisecond})
	sid := s.openPolling()
	s.post(s.poller(sid), "1")
	await(t, "the session to be forgotten", func() bool { return s.session(sid) == nil })
}

func TestShutdown_DoesNotWaitForThePollOfAClientThatHasClosed(t *testing.T) {
	s := start(t, Options{CloseTimeout: time.Hour})
	s.post(s.poller(s.openPolling()), "1")
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.Shutdown(ctx); err != nil {
		t.Error(err)
	}
}

func TestPolling_IgnoresPacketsOfNoMeaning(t *testing.T) {
	s := start(t, Options{})
	sid := s.openPolling()
	s.post(s.poller(sid), "0{}\x1e5\x1e6\x1e3\x1e4a")
	if _, body := s.get(s.poller(sid)); body != "4a" {
		t.Errorf("poll answered %q", body)
	}
}

func TestPolling_RefusesBinaryPosts(t *testing.T) {
	s := start(t, Options{})
	sid := s.openPolling()
	response, err := s.http.Client().Post(s.poller(sid), "application/octet-stream", strings.NewReader("4a"))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != 400 {
		t.Errorf("status %d", response.StatusCode)
	}
	if got := s.handler().reason(t); got != ReasonTransportError {
		t.Errorf("reason %q", got)
	}
}

func TestPolling_ASecondPollEndsBoth(t *testing.T) {
	s := start(t, Options{})
	sid := s.openPolling()
	first := s.poll(sid)
	if status, _ := s.get(s.poller(sid)); status != 400 {
		t.Errorf("the second poll is answered %d", status)
	}
	if got := receiveAnswer(t, first); got != "200 1" {
		t.Errorf("the first poll got %q", got)
	}
	if got := s.handler().reason(t); got != ReasonTransportError {
		t.Errorf("reason %q", got)
	}
	if status, _ := s.get(s.poller(sid)); status != 400 {
		t.Error("the session lives")
	}
}

func TestPolling_ASecondPostEndsBoth(t *testing.T) {
	s := start(t, Options{})
	sid := s.openPolling()
	body, feed := io.Pipe()
	first := make(chan int, 1)
	go func() {
		response, err := s.http.Client().Post(s.poller(sid), "text/plain", body)
		if err != nil {
			t.Error(err)
			first <- 0
			return
		}
		response.Body.Close()
		first <- response.StatusCode
	}()
	session := s.session(sid)
	await(t, "the first POST", func() bool {
		session.mu.Lock()
		defer session.mu.Unlock()
		return session.polling.posting
	})
	if status, _ := s.post(s.poller(sid), "4a"); status != 400 {
		t.Errorf("the second POST is answered %d", status)
	}
	feed.Write([]byte("4b"))
	feed.Close()
	if got := <-first; got != 400 {
		t.Errorf("the first POST is answered %d", got)
	}
	if got := s.handler().reason(t); got != ReasonTransportError {
		t.Errorf("reason %q", got)
	}
}

func TestPolling_AnAbortedPollEndsTheSession(t *testing.T) {
	s := start(t, Options{})
	sid := s.openPolling()
	ctx, cancel := context.WithCancel(context.Background())
	request, _ := http.NewRequestWithContext(ctx, "GET", s.poller(sid), nil)
	failed := make(chan error, 1)
	go func() {
		_, err := s.http.Client().Do(request)
		failed <- err
	}()
	session := s.session(sid)
	await(t, "the poll", func() bool {
		session.mu.Lock()
		defer session.mu.Unlock()
		return session.polling.wake != nil
	})
	cancel()
	if err := <-failed; err == nil {
		t.Error("the poll was answered")
	}
	if got := s.handler().reason(t); got != ReasonTransportError {
		t.Errorf("reason %q", got)
	}
	if status, _ := s.get(s.poller(sid)); status != 400 {
		t.Errorf("the next poll is answered %d", status)
	}
}

func TestPolling_DropsVolatileFramesWithoutAPoll(t *testing.T) {
	s := start(t, Options{})
	sid := s.openPolling()
	session := s.handler().session
	session.Send(Volatile, NewText([]byte("lost")))
	session.Send(0, NewText([]byte("kept")))
	if _, body := s.get(s.poller(sid)); body != "4kept" {
		t.Errorf("poll answered %q", body)
	}
	answer := s.poll(sid)
	session.Send(Volatile, NewText([]byte("taken")))
	if got := receiveAnswer(t, answer); got != "200 4taken" {
		t.Errorf("got %q", got)
	}
}

func TestPolling_WhatIsQueuedBeforeACloseIsDelivered(t *testing.T) {
	s := start(t, Options{})
	sid := s.openPolling()
	h := s.handler()
	h.session.Send(0, NewText([]byte("last words")))
	h.session.Close(ReasonForcedClose)
	if got := h.reason(t); got != ReasonForcedClose {
		t.Errorf("reason %q", got)
	}
	if err := h.session.Send(0, NewText(nil)); err != ErrClosed {
		t.Errorf("Send after Close: %v", err)
	}
	if _, body := s.get(s.poller(sid)); body != "4last words\x1e1" {
		t.Errorf("poll answered %q", body)
	}
	if status, _ := s.get(s.poller(sid)); status != 400 {
		t.Errorf("the next poll is answered %d", status)
	}
}

func TestPolling_OverTheQueueBoundTheSessionCloses(t *testing.T) {
	s := start(t, Options{MaxQueueBytes: 1000})
	s.openPolling()
	h := s.handler()
	frame := NewText([]byte(strings.Repeat("x", 600)))
	if err := h.session.Send(0, frame); err != nil {
		t.Fatal(err)
	}
	if err := h.session.Send(0, frame); err != ErrQueueFull {
		t.Errorf("got %v, want ErrQueueFull", err)
	}
	if got := h.reason(t); got != ReasonQueueFull {
		t.Errorf("reason %q", got)
	}
}
