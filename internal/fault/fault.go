//go:build parley_fault

package fault

import (
	"context"
	"os"
	"strings"
	"sync"
	"time"

	"parley/internal/chat"
)

// The faults. Each concerns messages whose body has the word Mark, or the people who leave.
const (
	AckEarly     = "ack-early"      // a send is answered before it is committed
	PublishEarly = "publish-early"  // a message is told to the room before it is committed
	ForgetCIDs   = "forget-cids"    // a retry is known for Window only
	DropFanout   = "drop-fanout"    // a message is not told to the room
	HideChange   = "hide-change"    // nor to who asks for what has changed
	SkipSeq      = "skip-seq"       // a place stays empty
	Alter        = "alter"          // another body is stored
	Move         = "move"           // a retry is answered with another place
	Swap         = "swap"           // a later message gets the earlier place
	Repeat       = "repeat"         // a message is told twice
	Ghost        = "ghost"          // a message is stored that nobody sent
	RefuseStored = "refuse-stored"  // a send is refused after it is committed
	SendAfterOut = "send-after-out" // who is not a member any more may send
	ShowAfterOut = "show-after-out" // who is not a member any more is told of messages
	FlushLess    = "flush-less"     // the database does not wait for the disk
	Unverified   = "unverified"     // and the start does not verify that it does
)

// Variable names the faults of a process in its environment, with commas.
const Variable = "PARLEY_FAULT"

// Mark is the word that a message has to be concerned.
const Mark = "fault"

// Window is how long ForgetCIDs remembers, and Hold how long the early faults keep a transaction open.
const (
	Window = 50 * time.Millisecond
	Hold   = 5 * time.Second
)

// Has reports whether this process has a fault.
func Has(name string) bool {
	for one := range strings.SplitSeq(os.Getenv(Variable), ",") {
		if one == name {
			return true
		}
	}
	return false
}

func marked(body string) bool { return strings.Contains(body, Mark) }

// Seed puts the faults between the chat and its store and publisher.
func Seed(s chat.Store, p chat.Publisher) (chat.Store, chat.Publisher) {
	return &store{Store: s, sent: map[string]time.Time{}, swapped: map[chat.ID]int64{}}, publisher{p}
}

// publisher is a chat.Publisher with faults.
type publisher struct{ chat.Publisher }

// Publish implements chat.Publisher.
func (p publisher) Publish(event chat.Event) {
	switch e := event.(type) {
	case chat.MemberLeft:
		if Has(ShowAfterOut) {
			return
		}
	case chat.MessageCreated:
		if !marked(e.Message.Body) {
			break
		}
		if Has(DropFanout) {
			return
		}
		if Has(Repeat) {
			p.Publisher.Publish(event)
		}
	}
	p.Publisher.Publish(event)
}

// store is a chat.Store with faults.
type store struct {
	chat.Store

	mu      sync.Mutex           // guards the maps
	sent    map[string]time.Time // when a cid was first seen
	swapped map[chat.ID]int64    // the place that is left for the next message
}

// View implements chat.Store.
func (s *store) View(ctx context.Context, f func(chat.Tx) error) error {
	return s.Store.View(ctx, func(inner chat.Tx) error { return f(&tx{Tx: inner, store: s}) })
}

// Update implements chat.Store.
func (s *store) Update(ctx context.Context, f func(chat.Tx) error) error {
	early, done := make(chan error, 1), make(chan error, 1)
	concerned := false
	go func() { // ends with the transaction
		done <- s.Store.Update(context.WithoutCancel(ctx), func(inner chat.Tx) error {
			t := &tx{Tx: inner, store: s}
			err := f(t)
			concerned = t.concerned
			if concerned && Has(AckEarly) {
				early <- err
			}
			if concerned && (Has(AckEarly) || Has(PublishEarly)) {
				time.Sleep(Hold)
			}
			return err
		})
	}()
	select {
	case err := <-early:
		return err
	case err := <-done:
		if err == nil && concerned && Has(RefuseStored) {
			return chat.Errorf(chat.Unavailable, "This message was stored.")
		}
		return err
	}
}
