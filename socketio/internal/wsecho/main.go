// Command wsecho sends every WebSocket message back. It reads, parses and
// writes with what Engine.IO does, so that RFC 6455 can be tested on it, by
// the tests here and by the Autobahn suite:
//
//	go run ./socketio/internal/wsecho --listen 127.0.0.1:9001 --deflate
//	wstest --mode fuzzingclient --spec spec.json
package main

import (
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:9001", "address to listen on")
	deflate := flag.Bool("deflate", false, "agree on permessage-deflate")
	flag.Parse()
	if err := run(*listen, *deflate); err != nil {
		fmt.Fprintln(os.Stderr, "wsecho:", err)
		os.Exit(1)
	}
}

func run(address string, deflate bool) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Printf("listening on %s\n", listener.Addr())
	s := &http.Server{Handler: newServer(deflate), ReadHeaderTimeout: 10 * time.Second}
	return s.Serve(listener)
}
