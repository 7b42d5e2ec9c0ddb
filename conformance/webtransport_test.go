package conformance

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/quic-go/quic-go/http3"
	"github.com/quic-go/webtransport-go"

	"parley/socketio"
	"parley/socketio/engineio"
	siowebtransport "parley/socketio/webtransport"
)

// A page in Chromium with the official client, over WebTransport alone and
// upgraded to it. The page trusts the certificate by its hash.
func TestOfficialClient_OverWebTransportInABrowser(t *testing.T) {
	install(t)
	browser := findBrowser(t)
	certificate := selfSigned(t)
	result := make(chan string, 1)
	url := startWebTransport(t, certificate, result)
	hash := sha256.Sum256(certificate.Certificate[0])

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	page := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--user-data-dir="+profile(t), url+"/page/webtransport.html#"+hex.EncodeToString(hash[:]))
	page.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // with all the processes that it starts
	page.Cancel = func() error { return syscall.Kill(-page.Process.Pid, syscall.SIGKILL) }
	if err := page.Start(); err != nil {
		t.Fatal(err)
	}
	defer page.Wait() // killed by cancel
	defer cancel()
	select {
	case got := <-result:
		if strings.Contains(got, "not ok") || strings.Count(got, "ok ") < 4 {
			t.Errorf("the page says:\n%s", got)
		}
	case <-ctx.Done():
		t.Error("the page says nothing")
	}
}

// profile is a folder for a browser, some of whose processes write to it until
// they have died.
func profile(t *testing.T) string {
	dir, err := os.MkdirTemp("", "chromium")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
			if err = os.RemoveAll(dir); err == nil || time.Now().After(end) {
				break
			}
		}
		if err != nil {
			t.Error(err)
		}
	})
	return dir
}

// startWebTransport serves a page and its results, and Socket.IO over HTTP and,
// on the UDP port with the same number, over HTTP/3.
func startWebTransport(t *testing.T, certificate tls.Certificate, result chan<- string) (url string) {
	tcp, udp := listenTwice(t)
	server := socketio.New(&socketio.Options{
		Engine: engineio.Options{Transports: []string{engineio.TransportPolling, engineio.TransportWebTransport}},
		Logger: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	registerEvents(server)
	mux := http.NewServeMux()
	mux.Handle("/socket.io/", server)
	mux.Handle("/page/", http.StripPrefix("/page/", http.FileServerFS(os.DirFS("clients"))))
	mux.Handle("/client/", http.StripPrefix("/client/", http.FileServerFS(os.DirFS("node_modules/socket.io-client/dist"))))
	mux.HandleFunc("POST /result", func(_ http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		select {
		case result <- string(text):
		default: // it has been told already
		}
	})
	quick := http.NewServeMux()
	config := http3.ConfigureTLSConfig(&tls.Config{Certificates: []tls.Certificate{certificate}})
	transport := &webtransport.Server{H3: &http3.Server{Handler: quick, TLSConfig: config}}
	quick.Handle("/socket.io/", siowebtransport.Handler(server, transport, nil))
	httpServer := &http.Server{Handler: mux}
	served := make(chan struct{}, 2)
	go func() { httpServer.Serve(tcp); served <- struct{}{} }()
	go func() { transport.Serve(udp); served <- struct{}{} }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		httpServer.Close()
		transport.Close()
		<-served
		<-served
		udp.Close()
	})
	return "http://" + tcp.Addr().String()
}

// listenTwice finds a port that is free for TCP and for UDP.
func listenTwice(t *testing.T) (net.Listener, net.PacketConn) {
	for range 20 {
		tcp, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		if udp, err := net.ListenPacket("udp", tcp.Addr().String()); err == nil {
			return tcp, udp
		}
		tcp.Close()
	}
	t.Fatal("no port is free for TCP and UDP")
	return nil, nil
}

// selfSigned makes a certificate that browsers accept by its hash: of an
// elliptic curve, and valid for less than two weeks.
func selfSigned(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func findBrowser(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("CHROMIUM"); path != "" {
		return path
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("no Chromium is installed; run: apt-get install chromium")
	return ""
}
