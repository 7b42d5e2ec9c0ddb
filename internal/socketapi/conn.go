package socketapi

import (
	"sync/atomic"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/socketio"
)

// conn is what the API knows of one socket. Its fields belong to the goroutine
// of the socket's handlers, but for exit.
type conn struct {
	socket  *socketio.Socket
	address auth.Address
	client  string // what the client calls itself

	session  chat.Session // set once, by connect or by auth:login
	counted  bool         // among the sockets of its user
	present  bool         // in the presence of its user
	deadline *time.Timer  // cuts a socket that has no session in time, or whose session is over

	focus   bool                 // delivery "focus": full messages of rooms that are looked at, and of direct ones
	focused map[chat.ID]struct{} // the rooms looked at; guarded by the lock of the user

	exit atomic.Int32 // one of the values below
}

// How far a socket is with an event that may end its own session: auth:logout or
// session:revoke. The end of a session cuts all its sockets, but this one only
// after it has its answer.
const (
	staying int32 = iota
	leaving       // the event is being handled and will cut the socket
	passed        // the end of the session came by meanwhile and left the cutting to the event
)

// showTyping sets whether the socket is shown that others write: it is if its user
// shows that too. The lock of the user is held.
func (c *conn) showTyping(shown bool) {
	if shown {
		c.socket.Leave(quietRoom)
	} else {
		_ = c.socket.Join(quietRoom) // or it is gone
	}
}

func (c *conn) loggedIn() bool { return c.session.ID != 0 }

// connOf is what connect has attached to a socket.
func connOf(s *socketio.Socket) *conn { return s.Data().(*conn) }
