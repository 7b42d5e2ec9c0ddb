package load

import (
	"errors"
	"fmt"
	"time"

	"parley/bench/internal/check"
	"parley/bench/internal/protocol"
	"parley/bench/internal/ws"
)

const (
	rateSenders = 10 // clients who write at a fixed rate to everybody
	roomSenders = 5  // clients who write in each room
)

// broadcast is Flood, Rate, Rooms and Churn: some clients write, and all in their group must get it.
type broadcast struct {
	*generator
	ledger   *check.Ledger
	rooms    protocol.Rooms    // nil when everybody is one group
	sent     [][]time.Duration // when message [sender][number] was due; nil in Flood
	turn     int               // messages sent
	first    time.Duration     // when the first was due
	visitors visitors
}

func newBroadcast(g *generator) (*broadcast, error) {
	audience := check.Audience{Recipients: g.spec.Clients, Group: g.spec.Clients, Senders: 1, Echo: true}
	b := &broadcast{generator: g}
	switch g.spec.Kind {
	case Rate:
		audience.Senders = min(rateSenders, g.spec.Clients)
	case Rooms:
		rooms, ok := g.protocol.(protocol.Rooms)
		if !ok || g.spec.Room < 2 || g.spec.Clients%g.spec.Room != 0 {
			return nil, fmt.Errorf("no rooms of %d for %d clients of %s", g.spec.Room, g.spec.Clients, g.spec.Protocol)
		}
		b.rooms = rooms
		audience = check.Audience{Recipients: g.spec.Clients, Group: g.spec.Room, Senders: min(roomSenders, g.spec.Room)}
	}
	if g.spec.Clients < 1 || (g.spec.Kind != Flood && g.spec.Rate <= 0) {
		return nil, errors.New("nobody to write, or no rate to write at")
	}
	b.ledger = check.NewLedger(audience)
	if g.spec.Kind != Flood {
		b.sent = make([][]time.Duration, b.ledger.Senders())
	}
	return b, nil
}

func (b *broadcast) begin() error {
	if b.rooms != nil {
		join := func(c *conn) []byte { return b.rooms.AppendJoin(nil, barrier, b.roomOf(c.id)) }
		if err := b.everybody(join); err != nil {
			return fmt.Errorf("join rooms: %w", err)
		}
	}
	var err error
	if b.spec.Kind == Churn {
		b.before, err = b.collectedMemory()
	}
	b.first = b.clock()
	b.visitors = visitors{generator: b.generator, first: b.first}
	return err
}

func (b *broadcast) roomOf(client int) string { return fmt.Sprintf("room%d", client/b.spec.Room) }

func (b *broadcast) pump() (time.Duration, error) {
	if b.spec.Kind == Flood {
		return b.now + time.Second, b.fill()
	}
	next, err := b.keepRate()
	if err != nil || b.spec.Kind != Churn {
		return next, err
	}
	visit, err := b.visitors.pump()
	return min(next, visit), err
}

// fill keeps as many deliveries outstanding as Window messages make, whoever is slow among the recipients.
func (b *broadcast) fill() error {
	sender := b.clients[b.ledger.Sender(0)]
	limit := int64(b.spec.Window) * int64(b.spec.Clients)
	if len(sender.out) > 0 {
		return nil // the server does not take more at the moment
	}
	for b.ledger.Owed()+int64(b.spec.Clients) <= limit {
		b.write(sender)
	}
	return b.flush(sender)
}

// keepRate sends every message that is due, in turn from each group, and there from each sender.
func (b *broadcast) keepRate() (time.Duration, error) {
	for {
		due := b.first + time.Duration(float64(b.turn)/b.spec.Rate*float64(time.Second))
		if due > b.now {
			return due, nil
		}
		groups := b.ledger.Senders() / b.senders()
		slot := b.turn%groups*b.senders() + b.turn/groups%b.senders()
		b.turn++
		b.sent[slot] = append(b.sent[slot], due)
		sender := b.clients[b.ledger.Sender(slot)]
		b.write(sender)
		if err := b.flush(sender); err != nil {
			return 0, err
		}
	}
}

// senders is how many there are in a group.
func (b *broadcast) senders() int {
	if b.rooms == nil {
		return b.ledger.Senders()
	}
	return b.ledger.Senders() / (b.spec.Clients / b.spec.Room)
}

// write appends the sender's next message to what it has to send.
func (b *broadcast) write(sender *conn) {
	b.scratch = b.text.Append(b.scratch[:0], sender.id, b.ledger.Send(sender.id))
	size := len(b.scratch)
	if b.rooms != nil {
		b.scratch = b.rooms.AppendRoom(b.scratch, b.roomOf(sender.id), b.scratch[:size])
	} else {
		b.scratch = b.protocol.AppendChat(b.scratch, b.scratch[:size])
	}
	sender.out = ws.AppendClient(sender.out, ws.Text, b.scratch[size:])
}

func (b *broadcast) hear(c *conn, event protocol.Event) error {
	if event.Kind == protocol.Ready {
		return b.visitors.arrived(c)
	}
	sender, seq, err := b.text.Parse(event.Payload)
	if err != nil || event.Kind != protocol.Deliver {
		return fmt.Errorf("got %.60q: %w", event.Payload, check.ErrContent)
	}
	if c.id >= b.spec.Clients {
		return c.visitor.Deliver(seq)
	}
	if err := b.ledger.Deliver(c.id, sender, seq); err != nil {
		return err
	}
	b.units++
	if b.sent != nil {
		slot := b.slot(sender)
		b.sample(b.sent[slot][seq])
	}
	return nil
}

// slot is the inverse of the ledger's Sender.
func (b *broadcast) slot(sender int) int {
	if b.rooms == nil {
		return sender
	}
	return sender/b.spec.Room*b.senders() + sender%b.spec.Room
}

func (b *broadcast) left(*conn) error { return b.visitors.left() }

func (b *broadcast) stop() error { return b.visitors.stop() }

func (b *broadcast) outstanding() int64 { return b.ledger.Owed() + int64(b.visitors.here) }

func (b *broadcast) settle() error {
	if err := b.ledger.Settle(); err != nil || b.spec.Kind != Churn {
		return err
	}
	if b.visitors.here > 0 {
		return fmt.Errorf("%d visitors did not get away", b.visitors.here)
	}
	return b.readKept(b.visitors.came)
}
