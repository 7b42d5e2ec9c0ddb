package adminui_test

import (
	"context"
	"fmt"

	"golang.org/x/crypto/bcrypt"

	"parley/socketio"
	"parley/socketio/adminui"
	"parley/socketio/engineio"
	"parley/socketio/socketiotest"
)

// A server that the hosted page at admin.socket.io may watch, after a sign-in.
func Example() {
	io := socketio.New(&socketio.Options{Engine: engineio.Options{
		CORS: &engineio.CORS{Origins: []string{"https://admin.socket.io"}, Credentials: true},
	}})
	hash, _ := bcrypt.GenerateFromPassword([]byte("sesame"), bcrypt.MinCost) // keep the hash, with a cost of 10 or more
	err := adminui.Attach(io, &adminui.Options{Username: "ops", PasswordHash: string(hash)})
	if err != nil {
		panic(err)
	}
	server := socketiotest.NewServer(io)
	defer server.Close()

	auth := map[string]string{"username": "ops", "password": "sesame"}
	page, _ := server.Dial(context.Background(), &socketiotest.Options{Namespace: "/admin", Auth: auth})
	defer page.Close()
	for range 3 {
		e, _ := page.Next(context.Background())
		fmt.Println(e.Name)
	}
	// Output:
	// session
	// config
	// server_stats
}
