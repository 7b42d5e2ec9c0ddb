package engineio

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"parley/socketio/internal/wsconn"
)

func TestRequest_RefusedAsTheProtocolSays(t *testing.T) {
	s := start(t, Options{Authorize: func(r *http.Request, s *Session) error {
		if r.URL.Query().Has("bad") {
			return errors.New("Not you")
		}
		return nil
	}})
	polling := s.openPolling()
	socket := s.openWebSocket()
	websocketSID := onlyWebSocket(s)
	tests := []struct {
		name, method, query string
		status, code        int
		message             string
	}{
		{"no transport", "GET", "EIO=4", 400, 0, "Transport unknown"},
		{"unknown transport", "GET", "EIO=4&transport=abc", 400, 0, "Transport unknown"},
		{"transport named as a method of objects", "GET", "EIO=4&transport=constructor", 400, 0, "Transport unknown"},
		{"unknown sid", "GET", "EIO=4&transport=polling&sid=abc", 400, 1, "Session ID unknown"},
		{"sid named as a property of objects", "GET", "EIO=4&transport=polling&sid=__proto__", 400, 1, "Session ID unknown"},
		{"empty sid", "GET", "EIO=4&transport=polling&sid=", 400, 1, "Session ID unknown"},
		{"POST without sid", "POST", "EIO=4&transport=polling", 400, 2, "Bad handshake method"},
		{"PUT without sid", "PUT", "EIO=4&transport=polling", 400, 2, "Bad handshake method"},
		{"polling on a websocket session", "GET", "EIO=4&transport=polling&sid=" + websocketSID, 400, 3, "Bad request"},
		{"plain GET of websocket", "GET", "EIO=4&transport=websocket", 400, 3, "Bad request"},
		{"PUT to a session", "PUT", "EIO=4&transport=polling&sid=" + polling, 400, 3, "Bad request"},
		{"refused handshake", "GET", "EIO=4&transport=polling&bad", 403, 4, "Not you"},
		{"refused request of a session", "GET", "EIO=4&transport=polling&bad&sid=" + polling, 403, 4, "Not you"},
		{"protocol 3", "GET", "EIO=3&transport=polling", 400, 5, "Unsupported protocol version"},
		{"no protocol", "GET", "transport=polling", 400, 5, "Unsupported protocol version"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			status, body := s.do(test.method, s.url(test.query), "")
			var got struct {
				Code    int
				Message string
			}
			if err := json.Unmarshal([]byte(body), &got); err != nil {
				t.Fatalf("%q: %v", body, err)
			}
			if status != test.status || got.Code != test.code || got.Message != test.message {
				t.Errorf("got %d %s, want %d with code %d", status, body, test.status, test.code)
			}
		})
	}
	socket.send("4still alive")
	socket.expect("4still alive")
}

// onlyWebSocket returns the id of the one session on WebSocket.
func onlyWebSocket(s *testServer) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, session := range s.sessions {
		if session.Transport() == TransportWebSocket {
			return id
		}
	}
	return ""
}

func TestUpgradeRequest_RefusedWith400AndTheMessage(t *testing.T) {
	s := start(t, Options{Authorize: func(r *http.Request, s *Session) error {
		if r.URL.Query().Has("bad") {
			return errors.New("Not you")
		}
		return nil
	}})
	tests := []struct{ query, body string }{
		{"EIO=4&transport=abc", "Transport unknown"},
		{"EIO=4&transport=websocket&sid=abc", "Session ID unknown"},
		{"EIO=4&transport=polling", "Bad request"},
		{"EIO=4&transport=websocket&bad", "Not you"},
		{"EIO=3&transport=websocket", "Unsupported protocol version"},
	}
	for _, test := range tests {
		t.Run(test.query, func(t *testing.T) {
			answer := s.raw(upgradeRequest(test.query))
			if !strings.HasPrefix(answer, "HTTP/1.1 400 ") || !strings.Contains(answer, "\r\n\r\n"+test.body) {
				t.Errorf("got %q", answer)
			}
		})
	}
}

// raw sends bytes and returns all that the server answers until it closes.
func (s *testServer) raw(data string) string {
	s.t.Helper()
	conn, err := net.Dial("tcp", s.http.Listener.Addr().String())
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close()
	io.WriteString(conn, data)
	answer, err := io.ReadAll(conn)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(answer)
}

// CVE-2022-41940: a client that resets during a refused upgrade.
func TestUpgradeRequest_BadOnesDoNotHurtOthers(t *testing.T) {
	s := start(t, Options{})
	witness := s.openWebSocket()
	good := upgradeRequest("EIO=4&transport=websocket")
	for _, request := range []string{
		strings.Replace(good, "Version: 13", "Version: 7", 1),
		strings.Replace(good, "Key: dGhl", "Key: !!", 1),
		strings.Replace(good, "GET", "POST", 1),
		strings.Replace(good, "transport=websocket", "transport=websocket&sid=abc", 1),
		good[:len(good)/2],
	} {
		conn, err := net.Dial("tcp", s.http.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, request)
		conn.(*net.TCPConn).SetLinger(0) // reset
		conn.Close()
	}
	witness.send("4alive")
	witness.expect("4alive")
}

// CVE-2022-21676: RSV bits in the segment of the handshake.
func TestUpgradeRequest_WithReservedBitsInTheSameSegment(t *testing.T) {
	s := start(t, Options{})
	witness := s.openWebSocket()
	frame := []byte(masked(wsconn.OpText, "4x"))
	frame[0] |= 0x70
	c := s.dial("EIO=4&transport=websocket", string(frame))
	c.expectClose(wsconn.CloseProtocolError)
	witness.send("4alive")
	witness.expect("4alive")
}

func TestUpgradeRequest_FirstMessageInTheSameSegment(t *testing.T) {
	s := start(t, Options{})
	c := s.dial("EIO=4&transport=websocket", masked(wsconn.OpText, "4early"))
	parseHandshake(t, c.read())
	c.expect("4early")
}

// CVE-2020-36048 and CVE-2020-36049: bodies without end.
func TestPost_OverTheLimitIsRefusedWhileItIsCounted(t *testing.T) {
	s := start(t, Options{MaxPayload: 1000})
	sid := s.openPolling()
	endless := &repeating{}
	for name, body := range map[string]io.Reader{
		"announced": bytes.NewReader(make([]byte, 1001)),
		"chunked":   endless,
	} {
		response, err := s.http.Client().Post(s.poller(sid), "text/plain", body)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: status %d", name, response.StatusCode)
		}
	}
	if status, _ := s.post(s.poller(sid), "4"+strings.Repeat("x", 999)); status != 200 {
		t.Errorf("a POST of exactly the limit is answered %d: the session should have survived", status)
	}
}

// repeating is an endless body.
type repeating struct{}

func (r *repeating) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

func TestGet_WithABodyIsRefused(t *testing.T) {
	s := start(t, Options{})
	sid := s.openPolling()
	if status, _ := s.do("GET", s.poller(sid), "x"); status != 400 {
		t.Errorf("status %d", status)
	}
}

func TestTransports_OnlyThoseServed(t *testing.T) {
	s := start(t, Options{Transports: []string{TransportPolling}})
	_, body := s.get(s.url("EIO=4&transport=polling"))
	if h := parseHandshake(t, body); h.Upgrades == nil || len(h.Upgrades) != 0 {
		t.Errorf("upgrades are %v", h.Upgrades)
	}
	answer := s.raw(upgradeRequest("EIO=4&transport=websocket"))
	if !strings.Contains(answer, "Transport unknown") {
		t.Errorf("got %q", answer)
	}
}

func TestRefused_IsToldWhyWhatTheClientIsNot(t *testing.T) {
	var got []string
	s := start(t, Options{Refused: func(r *http.Request, err *RequestError) {
		got = append(got, r.Method+" "+err.Error())
	}})
	sid := s.openPolling()
	s.get(s.url("EIO=4&transport=smoke"))
	s.do("PUT", s.poller(sid), "")
	s.raw(upgradeRequest("EIO=3&transport=websocket"))
	s.raw(strings.Replace(upgradeRequest(websocketQuery), "Version: 13", "Version: 7", 1))
	want := "GET engineio: Transport unknown: smoke|PUT engineio: Bad request: method PUT|" +
		"GET engineio: Unsupported protocol version: 3|GET engineio: Bad request: version is not 13"
	if all := strings.Join(got, "|"); all != want {
		t.Errorf("got %s\nwant %s", all, want)
	}
}

func TestTransports_CountsOpenSessions(t *testing.T) {
	overDrivers(t, func(t *testing.T, start starter) {
		s := start(t, Options{})
		first := s.openPolling()
		s.openPolling()
		s.openWebSocket()
		if got := s.Transports(); len(got) != 2 || got[TransportPolling] != 2 || got[TransportWebSocket] != 1 {
			t.Errorf("counted %v", got)
		}
		s.session(first).Close(ReasonForcedClose)
		if got := s.Transports(); got[TransportPolling] != 1 {
			t.Errorf("counted %v after one has ended", got)
		}
	})
}
