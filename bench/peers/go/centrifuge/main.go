// Command centrifuge serves the benchmark's load handlers as github.com/centrifugal/centrifuge offers them: everybody
// is subscribed to the channel "chat", a message of a client is published in it, and the RPC answers with its argument.
package main

import (
	"context"
	"flag"
	"log"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/centrifugal/centrifuge"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:3100", "address and port")
	flag.Parse()
	node, err := centrifuge.New(centrifuge.Config{})
	if err != nil {
		log.Fatal(err)
	}
	handle(node)
	if err := node.Run(); err != nil {
		log.Fatal(err)
	}
	go collect()
	http.Handle("/connection/websocket", anonymous(centrifuge.NewWebsocketHandler(node, centrifuge.WebsocketConfig{})))
	log.Fatal(http.ListenAndServe(*listen, nil))
}

func handle(node *centrifuge.Node) {
	node.OnConnecting(func(context.Context, centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
		return centrifuge.ConnectReply{Subscriptions: map[string]centrifuge.SubscribeOptions{"chat": {}}}, nil
	})
	node.OnConnect(func(client *centrifuge.Client) {
		client.OnMessage(func(e centrifuge.MessageEvent) {
			if _, err := node.Publish("chat", e.Data); err != nil {
				log.Print(err)
			}
		})
		client.OnRPC(func(e centrifuge.RPCEvent, answer centrifuge.RPCCallback) {
			answer(centrifuge.RPCReply{Data: e.Data}, nil)
		})
	})
}

// anonymous lets everybody in.
func anonymous(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := centrifuge.SetCredentials(r.Context(), &centrifuge.Credentials{})
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// collect returns memory to the system on SIGUSR2.
func collect() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR2)
	for range signals {
		debug.FreeOSMemory()
	}
}
