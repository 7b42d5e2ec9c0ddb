package gzipped

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestCompress_GivesWhatIsSmallerAndReadsTheSame(t *testing.T) {
	c := New(gzip.BestSpeed)
	long := []byte(strings.Repeat("again ", 1000))
	for range 2 { // the second time with a writer that has been used
		reader, err := gzip.NewReader(bytes.NewReader(c.Compress(long)))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(reader); err != nil || !bytes.Equal(got, long) {
			t.Errorf("got %d bytes, %v", len(got), err)
		}
	}
	if got := c.Compress([]byte("ab")); got != nil {
		t.Errorf("a short text gives %q", got)
	}
	if got := New(77).Compress(long); got != nil {
		t.Error("there is no such level")
	}
}

func TestAcceptedBy(t *testing.T) {
	for header, want := range map[string]bool{
		"": false, "gzip": true, "deflate, GZIP;q=0.8": true, "*": true, "identity": false,
		"gzip;q=0": false, "gzip; q=0.000, br": false, "*;q=0": false, "br;q=1.0, gzip;q=0.001": true,
	} {
		r := &http.Request{Header: http.Header{"Accept-Encoding": {header}}}
		if got := AcceptedBy(r); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
}
