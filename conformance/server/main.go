// Command server is a Socket.IO and Engine.IO server for other people's
// clients, protocol suites and load generators. It has the handlers that the
// official suites and the JavaScript client's own tests ask for, and those of a
// load test.
//
//	server --listen 127.0.0.1:3000 --ping-interval 300 --ping-timeout 200
//
// It prints the address that it listens on. SIGUSR2 makes it collect garbage,
// return memory to the system and print how many goroutines it has; SIGINT and
// SIGTERM end it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"
)

func main() {
	opts := parseFlags()
	if err := run(opts); err != nil {
		fmt.Fprintln(os.Stderr, "server:", err)
		os.Exit(1)
	}
}

// options are the command line. Times are in milliseconds.
type options struct {
	listen         string
	path           string
	origin         string
	pingInterval   int
	pingTimeout    int
	upgradeTimeout int
	connectTimeout int
	maxPayload     int64
	authorizeDelay int
	upgradeDelay   int
	eio3           bool
	recovery       bool
	silent         bool
}

func parseFlags() *options {
	o := &options{}
	flag.StringVar(&o.listen, "listen", "127.0.0.1:3000", "address to listen on")
	flag.StringVar(&o.path, "path", "/socket.io/", "path of Socket.IO; Engine.IO messages are echoed on "+echoPath)
	flag.StringVar(&o.origin, "origin", "", "the only allowed origin of web pages; empty allows all")
	flag.IntVar(&o.pingInterval, "ping-interval", 25000, "milliseconds between pings")
	flag.IntVar(&o.pingTimeout, "ping-timeout", 20000, "milliseconds to wait for a pong")
	flag.IntVar(&o.upgradeTimeout, "upgrade-timeout", 10000, "milliseconds for an upgrade to WebSocket")
	flag.IntVar(&o.connectTimeout, "connect-timeout", 45000, "milliseconds until the first CONNECT")
	flag.Int64Var(&o.maxPayload, "max-payload", 1_000_000, "bytes of the largest message or POST")
	flag.IntVar(&o.authorizeDelay, "authorize-delay", 0, "milliseconds that a handshake waits to be allowed")
	flag.IntVar(&o.upgradeDelay, "upgrade-delay", 0, "milliseconds that an upgrade to WebSocket waits to be allowed")
	flag.BoolVar(&o.eio3, "eio3", false, "serve clients of Engine.IO protocol 3, those of Socket.IO 2, too")
	flag.BoolVar(&o.recovery, "recovery", false, "let clients go on where they were when their connection broke")
	flag.BoolVar(&o.silent, "silent", false, "do not emit auth when a client connects to /, as the JavaScript client's tests want it")
	flag.Parse()
	return o
}

func run(o *options) error {
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return err
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGUSR2)

	s := newServer(o)
	httpServer := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 32 << 10}
	failed := make(chan error, 1)
	go func() { failed <- httpServer.Serve(listener) }()
	fmt.Printf("listening on %s\n", listener.Addr())
	for {
		select {
		case err := <-failed:
			return err
		case sig := <-signals:
			if sig != syscall.SIGUSR2 {
				return stop(s, httpServer)
			}
			debug.FreeOSMemory()
			fmt.Printf("collected, %d goroutines\n", runtime.NumGoroutine())
		}
	}
}

// stop closes every connection.
func stop(s *server, httpServer *http.Server) error {
	const patience = 5 * time.Second
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return errors.Join(s.Shutdown(ctx), httpServer.Shutdown(ctx))
}
