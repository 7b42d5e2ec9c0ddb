// Package socketiotest helps to test Socket.IO servers, as net/http/httptest
// helps to test HTTP servers: it serves on loopback or in memory, and has a
// small client, over WebSocket or polling.
//
//	io := socketio.New(nil)
//	io.HandleFunc("ping", func(ctx context.Context, e *socketio.Event) error {
//		return e.Ack("pong")
//	})
//	server := socketiotest.NewServer(io)
//	defer server.Close()
//	client, err := server.Dial(ctx, nil)
//	answer, err := client.Call(ctx, "ping")
//
// The client connects once, does not upgrade and does not connect again by
// itself: a test says what it wants.
package socketiotest
