package socketapi

import (
	"context"
	"time"

	"parley/internal/chat"
)

// deliverEvery is the time between two transactions that note what was delivered.
const deliverEvery = 500 * time.Millisecond

// recipient is a member of a dm.
type recipient struct{ room, user chat.ID }

// deliveries are how far recipients have been sent what is in a dm, for the chat
// to be told.
type deliveries = gatherer[recipient, int64]

// delivered notes that a socket of a member of a dm was sent its messages up to
// a seq.
func (a *API) delivered(room, user chat.ID, seq int64) {
	a.deliveries.put(recipient{room, user}, func(known int64) int64 { return max(known, seq) })
}

// deliveredHeads notes that a socket of a user was told the heads of the dms that
// had something new.
func (a *API) deliveredHeads(user chat.ID, heads []chat.Head) {
	for _, head := range heads {
		if room := head.Room; room.Kind == chat.KindDM && head.Unread > 0 && head.DeliveredSeq < room.LastSeq {
			a.delivered(room.ID, user, room.LastSeq)
		}
	}
}

func (a *API) tellDeliveries(to map[recipient]int64) {
	list := make([]chat.Delivery, 0, len(to))
	for who, seq := range to {
		list = append(list, chat.Delivery{Room: who.room, User: who.user, Seq: seq})
	}
	a.tasks.do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), a.opts.EventTimeout)
		defer cancel()
		if err := a.chat.Deliver(ctx, list); err != nil {
			a.opts.Logger.Warn("note what was delivered", "count", len(list), "error", err)
		}
	})
}
