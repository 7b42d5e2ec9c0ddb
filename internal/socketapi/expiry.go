package socketapi

import (
	"context"
	"math"
	"time"

	"parley/internal/chat"
)

// expiryCheck is the time between two looks at a session that has lived longer
// than it was known to, because another device used it meanwhile.
const expiryCheck = time.Minute

// endInTime cuts a socket when its session is over by time.
func (a *API) endInTime(c *conn) {
	var timer *time.Timer
	timer = time.AfterFunc(math.MaxInt64, func() {
		a.tasks.do(func() {
			if a.endIfOver(c) {
				return
			}
			timer.Reset(expiryCheck)
		})
	})
	c.deadline = timer
	timer.Reset(time.Until(c.session.ExpiresAt))
}

// endIfOver cuts a socket whose session is over and reports whether nothing is
// left to be watched.
func (a *API) endIfOver(c *conn) bool {
	if !c.socket.Connected() {
		return true
	}
	ctx, cancel := context.WithTimeout(context.Background(), a.opts.EventTimeout)
	defer cancel()
	if _, err := a.chat.Me(ctx, c.session); chat.CodeOf(err) != chat.Unauthorized {
		return false
	}
	a.cut(c.socket, chat.RevokedRemotely)
	return true
}
