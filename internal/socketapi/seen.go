package socketapi

import (
	"context"
	"sync"

	"parley/internal/chat"
)

// gone notes when a person was last here, once they are offline.
func (a *API) gone(user chat.ID) {
	ctx, cancel := context.WithTimeout(context.Background(), a.opts.EventTimeout)
	defer cancel()
	a.note(ctx, user)
}

// seen notes that people were here until now. Many at a time share a commit.
func (a *API) seen(ctx context.Context, users []chat.ID) {
	const atOnce = 64
	var writers sync.WaitGroup
	for i := range min(atOnce, len(users)) {
		writers.Go(func() {
			for j := i; j < len(users) && ctx.Err() == nil; j += atOnce {
				a.note(ctx, users[j])
			}
		})
	}
	writers.Wait()
}

func (a *API) note(ctx context.Context, user chat.ID) {
	if err := a.chat.Seen(ctx, user); err != nil {
		a.opts.Logger.Warn("note when a person was last seen", "user", user, "error", err)
	}
}
