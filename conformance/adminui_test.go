package conformance

import (
	"log/slog"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"parley/socketio"
	"parley/socketio/adminui"
	"parley/socketio/socketiotest"
)

// The script connects as the page of @socket.io/admin-ui 0.5.1 does.
func TestAdminUI(t *testing.T) {
	install(t)
	hash, err := bcrypt.GenerateFromPassword([]byte("sesame"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	logger := slog.New(slog.NewTextHandler(t.Output(), nil))
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			io := socketio.New(&socketio.Options{Logger: logger})
			err := adminui.Attach(io, &adminui.Options{
				Username: "ops", PasswordHash: string(hash), Development: true, Interval: 50 * time.Millisecond, Logger: logger,
			})
			if err != nil {
				t.Fatal(err)
			}
			registerEvents(io)
			registerRooms(io)
			server := socketiotest.NewServer(io)
			t.Cleanup(server.Close)
			cases(t, 5, "node", "clients/adminui.mjs", server.URL, mode)
		})
	}
}
