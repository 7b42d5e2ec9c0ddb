package socketapi

import (
	"context"

	"parley/internal/chat"
)

// gone notes when a person was last here, once they are offline.
func (a *API) gone(user chat.ID) {
	ctx, cancel := context.WithTimeout(context.Background(), a.opts.EventTimeout)
	defer cancel()
	a.seen(ctx, user)
}

// seen notes that people were here until now.
func (a *API) seen(ctx context.Context, users ...chat.ID) {
	if err := a.chat.Seen(ctx, users...); err != nil {
		a.opts.Logger.Warn("note when people were last seen", "count", len(users), "error", err)
	}
}
