package webtransport_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/quic-go/quic-go/http3"
	"github.com/quic-go/webtransport-go"

	"parley/socketio"
	"parley/socketio/engineio"
	siowebtransport "parley/socketio/webtransport"
)

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

// start serves io over HTTP/3 and returns its URL and a client that trusts it.
func start(t *testing.T, io *socketio.Server) (string, *webtransport.Transport) {
	t.Helper()
	certificate := selfSigned(t)
	mux := http.NewServeMux()
	server := &webtransport.Server{H3: &http3.Server{Handler: mux, TLSConfig: http3.ConfigureTLSConfig(&tls.Config{Certificates: []tls.Certificate{certificate}})}}
	mux.Handle("/socket.io/", siowebtransport.Handler(io, server, &siowebtransport.Options{StreamTimeout: 100 * time.Millisecond, CloseTimeout: 100 * time.Millisecond}))
	socket, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	must(t, err)
	served := make(chan struct{})
	go func() {
		defer close(served)
		server.Serve(socket)
	}()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := io.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		server.Close()
		<-served
		socket.Close()
	})
	roots := x509.NewCertPool()
	roots.AddCert(certificate.Leaf)
	return "https://" + socket.LocalAddr().String() + "/socket.io/", &webtransport.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, NextProtos: []string{http3.NextProtoH3}}}
}

func selfSigned(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	must(t, err)
	leaf, err := x509.ParseCertificate(der)
	must(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newServer(t *testing.T) *socketio.Server {
	return socketio.New(&socketio.Options{
		Engine: engineio.Options{Transports: []string{engineio.TransportPolling, engineio.TransportWebTransport}},
		Logger: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
}

// client is a stream whose packets are all shorter than 126 bytes.
type client struct {
	t       *testing.T
	session *webtransport.Session
	stream  *webtransport.Stream
}

func dial(t *testing.T, url string, via *webtransport.Transport) *client {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_, session, err := via.Dial(ctx, url, nil)
	must(t, err)
	t.Cleanup(func() { session.CloseWithError(0, "") })
	stream, err := session.OpenStream()
	must(t, err)
	must(t, stream.SetDeadline(time.Now().Add(patience)))
	return &client{t, session, stream}
}

func (c *client) send(packet string) {
	c.t.Helper()
	_, err := io.WriteString(c.stream, string(rune(len(packet)))+packet)
	must(c.t, err)
}

func (c *client) read() string {
	c.t.Helper()
	var size [1]byte
	_, err := io.ReadFull(c.stream, size[:])
	must(c.t, err)
	packet := make([]byte, size[0]&0x7F)
	_, err = io.ReadFull(c.stream, packet)
	must(c.t, err)
	return string(packet)
}

// open opens a session and connects to "/".
func (c *client) open() {
	c.t.Helper()
	c.send("0")
	if got := c.read(); !strings.HasPrefix(got, `0{"sid":"`) {
		c.t.Fatalf("opened with %q", got)
	}
	c.send("40")
	if got := c.read(); !strings.HasPrefix(got, `40{"sid":"`) {
		c.t.Fatalf("connected with %q", got)
	}
}

func TestWebTransport_CarriesEventsAndTheirEnd(t *testing.T) {
	server := newServer(t)
	reasons := make(chan socketio.Reason, 1)
	server.OnConnect(func(_ context.Context, s *socketio.Socket) error {
		s.OnDisconnect(func(reason socketio.Reason) { reasons <- reason })
		return nil
	})
	server.HandleFunc("ask", func(_ context.Context, e *socketio.Event) error {
		return e.Ack(e.Socket.Engine().Transport(), []byte{1, 2})
	})
	url, via := start(t, server)
	c := dial(t, url, via)
	c.open()
	c.send(`420["ask"]`)
	if got := c.read(); got != `461-0["webtransport",{"_placeholder":true,"num":0}]` {
		t.Errorf("answered %q", got)
	}
	if got := c.read(); got != "\x01\x02" {
		t.Errorf("attached %q", got)
	}
	must(t, c.session.CloseWithError(0, ""))
	select {
	case reason := <-reasons:
		if reason != engineio.ReasonTransportClose {
			t.Errorf("reason %q", reason)
		}
	case <-time.After(patience):
		t.Error("the server has not noticed the end")
	}
}

func TestWebTransport_WhatIsSentBeforeACloseArrives(t *testing.T) {
	server := newServer(t)
	server.HandleFunc("bye", func(_ context.Context, e *socketio.Event) error {
		err := e.Socket.Emit("farewell")
		e.Socket.Disconnect(true)
		return err
	})
	url, via := start(t, server)
	c := dial(t, url, via)
	c.open()
	c.send(`42["bye"]`)
	if got := c.read(); got != `42["farewell"]` {
		t.Errorf("got %q", got)
	}
	if got := c.read(); got != "41" {
		t.Errorf("got %q", got)
	}
	if _, err := c.stream.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the stream ends with %v", err)
	}
	select {
	case <-c.session.Context().Done():
	case <-time.After(patience):
		t.Error("the session goes on")
	}
}

func TestWebTransport_SessionsThatAreOfNoUseEnd(t *testing.T) {
	url, via := start(t, newServer(t))
	silent := dial(t, url, via) // its stream is seen by the server with its first byte
	garbage := dial(t, url, via)
	garbage.send("4")
	for _, c := range []*client{silent, garbage} {
		select {
		case <-c.session.Context().Done():
		case <-time.After(patience):
			t.Error("the session goes on")
		}
	}
}

func TestWebTransport_OtherRequestsAreRefused(t *testing.T) {
	recorder := &answer{header: http.Header{}}
	request, err := http.NewRequest("GET", "https://chat.example/socket.io/", nil)
	must(t, err)
	siowebtransport.Handler(newServer(t), &webtransport.Server{}, nil).ServeHTTP(recorder, request)
	if recorder.status != http.StatusBadRequest {
		t.Errorf("status %d", recorder.status)
	}
}

// answer is a response that keeps the status.
type answer struct {
	header http.Header
	status int
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) Write(b []byte) (int, error) { return len(b), nil }
func (a *answer) WriteHeader(status int)      { a.status = status }
