package engineio

import (
	"io"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/socketio/internal/wsconn"
)

const (
	v3Polling   = "EIO=3&transport=polling"
	v3WebSocket = "EIO=3&transport=websocket"
)

// openV3 opens a session of protocol 3 over polling; more is added to the
// query.
func (s *testServer) openV3(more string) string {
	s.t.Helper()
	status, body := s.get(s.url(v3Polling + more))
	_, packet, _ := strings.Cut(body, ":")
	if status != 200 {
		s.t.Fatalf("handshake answered %d %q", status, body)
	}
	return parseHandshake(s.t, packet).SID
}

func (s *testServer) v3Poller(sid string) string { return s.url(v3Polling + "&sid=" + sid) }

func TestV3_IsServedOnlyIfAllowed(t *testing.T) {
	s := start(t, Options{})
	if status, _ := s.get(s.url(v3Polling)); status != 400 {
		t.Errorf("status %d", status)
	}
	s = start(t, Options{AllowEIO3: true})
	for _, query := range []string{"transport=polling", "EIO=2&transport=polling", "EIO=&transport=polling"} {
		if status, _ := s.get(s.url(query)); status != 400 {
			t.Errorf("%s: status %d", query, status)
		}
	}
	s.openV3("")
	if got := s.handler().session.Protocol(); got != 3 {
		t.Errorf("protocol %d", got)
	}
	s.openPolling()
	if got := s.handler().session.Protocol(); got != 4 {
		t.Errorf("protocol %d", got)
	}
}

func TestV3_PollingEchoesPayloads(t *testing.T) {
	s := start(t, Options{AllowEIO3: true})
	tests := map[string]struct{ more, post, answer string }{
		"one packet":             {"", "6:4hello", "6:4hello"},
		"three packets":          {"", "6:4test16:4test26:4test3", "6:4test16:4test26:4test3"},
		"empty message":          {"", "1:4", "1:4"},
		"empty packet":           {"", "0:1:4", "1:4"},
		"sizes in code units":    {"", "4:4é😀2:4€", "4:4é😀2:4€"},
		"binary as text":         {"&b64=1", "6:4hello10:b4AQIDBA==", "6:4hello10:b4AQIDBA=="},
		"binary":                 {"", "6:4hello10:b4AQIDBA==", "\x00\x06\xff4hello\x01\x05\xff\x04\x01\x02\x03\x04"},
		"text of two bytes":      {"", "2:4é10:b4AQIDBA==", "\x00\x03\xff4é\x01\x05\xff\x04\x01\x02\x03\x04"},
		"ping":                   {"", "1:2", "1:3"},
		"ping with data":         {"", "6:2probe", "1:3"},
		"what has no meaning":    {"", "1:51:61:4", "1:4"},
		"twelve bytes, 2 digits": {"", "12:4hello world", "12:4hello world"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			sid := s.openV3(test.more)
			if status, body := s.post(s.v3Poller(sid), test.post); status != 200 || body != "ok" {
				t.Fatalf("POST answered %d %q", status, body)
			}
			if status, body := s.get(s.v3Poller(sid)); status != 200 || body != test.answer {
				t.Errorf("poll answered %d %q, want %q", status, body, test.answer)
			}
		})
	}
}

func TestV3_BinaryPosts(t *testing.T) {
	s := start(t, Options{AllowEIO3: true})
	sid := s.openV3("")
	const payload = "\x00\x07\xff4h\u00e9llo\x01\x05\xff\x04\x01\x02\x03\x04\x00\x01\x01\xff4123456789a"
	response, err := s.http.Client().Post(s.v3Poller(sid), "application/octet-stream", strings.NewReader(payload))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != 200 {
		t.Errorf("status %d", response.StatusCode)
	}
	h := s.handler()
	if got := strings.Join(h.got(), "|"); got != "héllo|\x01\x02\x03\x04|123456789a" {
		t.Errorf("got %q", got)
	}
}

func TestV3_PostsThatCloseTheSession(t *testing.T) {
	s := start(t, Options{AllowEIO3: true})
	text, octets := "text/plain", "application/octet-stream"
	tests := []struct{ media, body string }{
		{text, "abc"}, {text, ""}, {text, ":4a"}, {text, "3:4a"}, {text, "1:9"}, {text, "1:3"}, {text, "-1:4"}, {text, "1e0:4"},
		{text, "2:4😀"}, {text, "2:4\xff"}, {text, "99999999999:4"}, {text, "9999999999:4"}, {text, "5:b4A!!"}, {text, "2:b3"}, {text, "1:b"}, {text, "2:4a2"},
		{octets, ""}, {octets, "\x00"}, {octets, "\x00\xff4"}, {octets, "\x02\x01\xff4"}, {octets, "\x00\x02\xff4"}, {octets, "\x00\x0a\xff4"},
		{octets, "\x01\x01\xff\x03"}, {octets, "\x01\x00\xff"}, {octets, "\x00\x02\xff4\xff"}, {octets, "\x00" + strings.Repeat("\x01", 400) + "\xff4"},
	}
	for _, test := range tests {
		sid := s.openV3("")
		response, err := s.http.Client().Post(s.v3Poller(sid), test.media, strings.NewReader(test.body))
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if got := s.handler().reason(t); got != ReasonParseError {
			t.Errorf("%.20q: reason %q", test.body, got)
		}
		if status, _ := s.get(s.v3Poller(sid)); status != 400 {
			t.Errorf("%.20q: the next poll is answered %d", test.body, status)
		}
	}
}

func TestV3_CloseOverPolling(t *testing.T) {
	s := start(t, Options{AllowEIO3: true})
	sid := s.openV3("")
	s.post(s.v3Poller(sid), "1:1")
	if status, body := s.get(s.v3Poller(sid)); status != 200 || body != "1:6" {
		t.Errorf("the poll got %d %q", status, body)
	}
	sid = s.openV3("")
	s.handler()
	h := s.handler()
	h.session.Send(0, NewText([]byte("bye")))
	h.session.Close(ReasonForcedClose)
	if _, body := s.get(s.v3Poller(sid)); body != "4:4bye1:1" {
		t.Errorf("the poll got %q", body)
	}
}

func TestV3_JSONP(t *testing.T) {
	s := start(t, Options{AllowEIO3: true})
	response, err := s.http.Client().Get(s.url(v3Polling + "&b64=1&j=0"))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	script, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := response.Header.Get("Content-Type"); got != "text/javascript; charset=UTF-8" {
		t.Errorf("content type %q", got)
	}
	if !strings.HasPrefix(string(script), `___eio[0]("`) || !strings.HasSuffix(string(script), `");`) {
		t.Fatalf("handshake answered %q", script)
	}
	h := s.handler()
	poller := s.v3Poller(h.session.ID())
	form := func(data string) {
		t.Helper()
		response, err := s.http.Client().PostForm(poller+"&j=1", url.Values{"d": {data}})
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
	}
	form(`4:4a\nb` + `5:4c\\nd`)
	if got := strings.Join(h.got(), "|"); got != "a\nb|c\\nd" {
		t.Errorf("posted %q", got)
	}
	if _, body := s.get(poller + "&j=alert(1)//2"); body != `___eio[12]("4:4a\nb5:4c\\nd");` {
		t.Errorf("poll answered %q", body)
	}
	h.session.Send(0, NewText([]byte("</script>\u2028\"")), NewBinary([]byte{1, 2, 3, 4}))
	if _, body := s.get(poller + "&j=3"); body != `___eio[3]("12:4\u003c/script\u003e\u2028\"10:b4AQIDBA==");` {
		t.Errorf("poll answered %q", body)
	}
	s.post(poller+"&j=4", "d=%zz")
	if got := h.reason(t); got != ReasonParseError {
		t.Errorf("reason %q", got)
	}
}

func TestV3_JSONPIsNotServedToOthers(t *testing.T) {
	s := start(t, Options{AllowEIO3: true})
	if _, body := s.get(s.url("EIO=4&transport=polling&j=0")); !strings.HasPrefix(body, "0{") {
		t.Errorf("handshake answered %q", body)
	}
}

func TestV3_OverWebSocket(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{AllowEIO3: true})
		c := s.dial(v3WebSocket, "")
		parseHandshake(t, c.read())
		c.send("4hello")
		c.sendBinary("\x04\x01\x02")
		c.send("b4AQI=")
		c.send("2")
		c.expect("4hello", "binary:\x04\x01\x02", "binary:\x04\x01\x02", "3")
		h := s.handler()
		frame := NewBinary([]byte{7})
		h.session.Send(0, frame, frame)
		c.expect("binary:\x04\x07", "binary:\x04\x07")
		c.send("1")
		c.expectClose(wsconn.CloseNormal)

		c = s.dial(v3WebSocket+"&b64=1", "")
		parseHandshake(t, c.read())
		c.sendBinary("\x04\x01\x02")
		c.expect("b4AQI=")
	})
}

func TestV3_FramesThatClose(t *testing.T) {
	s := start(t, Options{AllowEIO3: true})
	for _, frame := range []string{
		masked(wsconn.OpText, ""), masked(wsconn.OpText, "abc"), masked(wsconn.OpText, "3"), masked(wsconn.OpText, "b5AQI="),
		masked(wsconn.OpBinary, ""), masked(wsconn.OpBinary, "\x02"),
	} {
		c := s.dial(v3WebSocket, "")
		parseHandshake(t, c.read())
		c.sendRaw(frame)
		c.expectClose(wsconn.CloseProtocolError)
		if got := s.handler().reason(t); got != ReasonParseError {
			t.Errorf("reason %q", got)
		}
	}
}

func TestV3_Upgrade(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{AllowEIO3: true})
		sid := s.openV3("&b64=1")
		c := s.dial(v3WebSocket+"&sid="+sid, "")
		c.send("2probe")
		c.expect("3probe")
		if _, body := s.get(s.v3Poller(sid)); body != "1:6" {
			t.Errorf("poll answered %q", body)
		}
		s.handler().session.Send(0, NewBinary([]byte{9}))
		c.send("5")
		c.expect("binary:\x04\x09")
		c.send("2")
		c.expect("3")
	})
}

func TestV3_AClientThatPingsLivesAndOneThatDoesNotDies(t *testing.T) {
	inBubble(t, func(t *testing.T, s *testServer, dial func(string) *client) {
		c := dial(v3WebSocket)
		parseHandshake(t, c.read())
		begin := time.Now()
		for range 5 {
			time.Sleep(450 * time.Millisecond) // the interval and half the timeout
			c.send("2")
			c.expect("3")
		}
		synctest.Wait()
		if got := s.handler().reason(t); got != ReasonPingTimeout {
			t.Errorf("reason %q", got)
		}
		if lived := time.Since(begin); lived != 5*450*time.Millisecond+500*time.Millisecond {
			t.Errorf("died after %v", lived)
		}
	})
}
