package wsconn

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const goodRequest = "GET /x HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

// exchange sends a request to a server that upgrades, and returns its answer
// and what the server had read beyond the request.
func exchange(t *testing.T, request string) (*http.Response, string) {
	t.Helper()
	buffered := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Extra", "a\r\nb")
		up, err := Upgrade(w, r, true)
		if err != nil {
			http.Error(w, err.Error(), err.(*HandshakeError).Status)
			buffered <- ""
			return
		}
		up.Conn.Write(up.Response)
		buffered <- string(up.Buffered)
		up.Conn.Close()
	}))
	defer server.Close()
	nc, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	io.WriteString(nc, request)
	response, err := http.ReadResponse(bufio.NewReader(nc), nil)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response, <-buffered
}

func TestUpgrade_AnswersAsTheRFCAsks(t *testing.T) {
	response, buffered := exchange(t, goodRequest+"more")
	if response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("status %d", response.StatusCode)
	}
	if got := response.Header.Get("Sec-WebSocket-Accept"); got != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		t.Errorf("accept is %q", got)
	}
	if got := response.Header.Get("X-Extra"); got != "a  b" {
		t.Errorf("extra header is %q", got)
	}
	if !strings.HasPrefix("more", buffered) { // what arrived with the request, at most
		t.Errorf("buffered is %q", buffered)
	}
}

func TestUpgrade_RefusesWhatIsNoHandshake(t *testing.T) {
	tests := []struct {
		name, old, new string
		status         int
	}{
		{"POST", "GET", "POST", 405},
		{"HTTP/1.0", "HTTP/1.1", "HTTP/1.0", 400},
		{"no Upgrade", "Upgrade: websocket\r\n", "", 400},
		{"no Connection", "Connection: keep-alive, Upgrade\r\n", "", 400},
		{"version 8", "Version: 13", "Version: 8", 426},
		{"no version", "Sec-WebSocket-Version: 13\r\n", "", 426},
		{"short key", "dGhlIHNhbXBsZSBub25jZQ==", "dGhl", 400},
		{"no key", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "", 400},
		{"two keys", "Sec-WebSocket-Key: ", "Sec-WebSocket-Key: x\r\nSec-WebSocket-Key: ", 400},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			response, _ := exchange(t, strings.Replace(goodRequest, test.old, test.new, 1))
			if response.StatusCode != test.status {
				t.Errorf("status %d, want %d", response.StatusCode, test.status)
			}
			if test.status == 426 && response.Header.Get("Sec-WebSocket-Version") != "13" {
				t.Error("426 without the version that is spoken")
			}
		})
	}
}

func TestUpgrade_AgreesOnDeflateOnlyWhereItCan(t *testing.T) {
	const agreed = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
	tests := []struct{ offer, want string }{
		{"permessage-deflate", agreed},
		{"permessage-deflate; client_max_window_bits", agreed},
		{"permessage-deflate; client_max_window_bits=10; server_no_context_takeover", agreed},
		{"permessage-deflate; server_max_window_bits=15", agreed + "; server_max_window_bits=15"},
		{"permessage-deflate; server_max_window_bits=10", ""},
		{"permessage-deflate; server_max_window_bits=10, permessage-deflate", agreed},
		{"permessage-deflate; unknown", ""},
		{"permessage-deflate; server_no_context_takeover; server_no_context_takeover", ""},
		{"x-webkit-deflate-frame", ""},
	}
	for _, test := range tests {
		t.Run(test.offer, func(t *testing.T) {
			request := strings.TrimSuffix(goodRequest, "\r\n") + "Sec-WebSocket-Extensions: " + test.offer + "\r\n\r\n"
			response, _ := exchange(t, request)
			if got := response.Header.Get("Sec-WebSocket-Extensions"); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
