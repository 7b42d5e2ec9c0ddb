package engineio

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
)

// pollAs polls with that Accept-Encoding and returns the answer and its coding.
func (s *testServer) pollAs(sid, accept string) (body, coding string) {
	s.t.Helper()
	request, err := http.NewRequest("GET", s.poller(sid), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", accept)
	response, err := s.http.Client().Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	reader := io.Reader(response.Body)
	coding = response.Header.Get("Content-Encoding")
	if coding == "gzip" {
		if reader, err = gzip.NewReader(reader); err != nil {
			s.t.Fatal(err)
		}
	}
	data, err := io.ReadAll(reader)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(data), coding
}

func TestHTTPCompression_OfAnswersThatAreLargeAndMayBe(t *testing.T) {
	long := strings.Repeat("again ", 1000)
	tests := map[string]struct {
		opts    HTTPCompression
		message string
		flags   Flags
		accept  string
		coding  string
	}{
		"large":                {HTTPCompression{}, long, Compress, "deflate, gzip;q=0.8", "gzip"},
		"any coding":           {HTTPCompression{}, long, Compress, "*", "gzip"},
		"best level":           {HTTPCompression{Level: gzip.BestCompression}, long, Compress, "GZIP", "gzip"},
		"small":                {HTTPCompression{}, "short", Compress, "gzip", ""},
		"small, low threshold": {HTTPCompression{Threshold: 10}, strings.Repeat("a", 100), Compress, "gzip", "gzip"},
		"not smaller":          {HTTPCompression{Threshold: 2}, "ab", Compress, "gzip", ""},
		"not allowed":          {HTTPCompression{}, long, 0, "gzip", ""},
		"not accepted":         {HTTPCompression{}, long, Compress, "identity", ""},
		"refused":              {HTTPCompression{}, long, Compress, "gzip;q=0.0, deflate", ""},
		"off":                  {HTTPCompression{Off: true}, long, Compress, "gzip", ""},
		"no such level":        {HTTPCompression{Level: 77}, long, Compress, "gzip", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := start(t, Options{HTTPCompression: test.opts})
			sid := s.openPolling()
			session := s.handler().session
			for range 2 { // the second time with a writer that has been used
				session.Send(test.flags, NewText([]byte(test.message)))
				body, coding := s.pollAs(sid, test.accept)
				if body != "4"+test.message || coding != test.coding {
					t.Errorf("got %.20q… in %q, want %q", body, coding, test.coding)
				}
			}
		})
	}
}
