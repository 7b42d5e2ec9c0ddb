// Command limit serves the benchmark's load handlers with as little as possible; see parley/bench/internal/limit.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"parley/bench/internal/limit"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:3100", "IPv4 address and port")
	flag.Parse()
	if err := serve(*listen); err != nil {
		fmt.Fprintln(os.Stderr, "limit:", err)
		os.Exit(1)
	}
}

func serve(address string) error {
	server, err := limit.Listen(address)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	collect := make(chan os.Signal, 1)
	signal.Notify(collect, syscall.SIGUSR2)
	go func() {
		for range collect {
			debug.FreeOSMemory()
		}
	}()
	return server.Serve(ctx)
}
