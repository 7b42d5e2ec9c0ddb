package chat

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// MaxReaders is how many members a room may have for who of them is where to be told.
const MaxReaders = 20

// Reader is a member and how far they are in the room.
type Reader struct {
	User      User
	Delivered int64     // the seq up to which a socket of theirs was sent the messages; known in a dm only
	Seen      int64     // the highest read mark that they had
	SeenAt    time.Time // when Seen came to where it is; zero = not known
	JoinedAt  time.Time
}

// Receipt is how far another member of a dm is.
type Receipt struct {
	User      ID
	Delivered int64
	Seen      int64
	SeenAt    time.Time // zero = not known
}

// showing are the others who show a user how far they are; nobody for a user who does not show it.
func showing(readers []Reader, user ID, shows func(Privacy) bool) []Reader {
	for _, reader := range readers {
		if reader.User.ID == user && !shows(reader.User.Privacy) {
			return nil
		}
	}
	return slices.DeleteFunc(slices.Clone(readers), func(r Reader) bool {
		return r.User.ID == user || !shows(r.User.Privacy)
	})
}

func showsReceipts(p Privacy) bool { return p.Receipts }

// receiptsFor is how far the others in a dm are, as a user may know.
func receiptsFor(readers []Reader, user ID) []Receipt {
	var receipts []Receipt
	for _, r := range showing(readers, user, showsReceipts) {
		receipts = append(receipts, Receipt{
			User: r.User.ID, Delivered: max(r.Delivered, r.Seen), Seen: r.Seen, SeenAt: r.SeenAt,
		})
	}
	return receipts
}

// readersOf are the members of a room, of a large one the first.
func readersOf(tx Tx, room ID) ([]Reader, error) {
	readers, err := tx.Readers(room, MaxReaders)
	if err != nil {
		return nil, fmt.Errorf("load how far the members are: %w", err)
	}
	return readers, nil
}

// receivers are the others in a dm who are told how far a user is: both must show it.
func receivers(tx Tx, room, user ID) ([]ID, error) {
	readers, err := readersOf(tx, room)
	if err != nil {
		return nil, err
	}
	var receivers []ID
	for _, r := range showing(readers, user, showsReceipts) {
		receivers = append(receivers, r.User.ID)
	}
	return receivers, nil
}

// Delivery says that a socket of a user was sent the messages of a dm up to a seq.
type Delivery struct {
	Room ID
	User ID
	Seq  int64
}

// deliveriesAtOnce is how many deliveries are written in one transaction.
const deliveriesAtOnce = 256

// Deliver notes what was sent to members of dms (Delivered, for each that is news). It is the server that tells, the edge
// that delivers.
func (s *Service) Deliver(ctx context.Context, deliveries []Delivery) error {
	for some := range slices.Chunk(deliveries, deliveriesAtOnce) {
		err := s.store.Update(ctx, func(tx Tx) error {
			for _, d := range some {
				if err := s.deliver(tx, d); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("note what was delivered: %w", err)
		}
	}
	return nil
}

func (s *Service) deliver(tx Tx, d Delivery) error {
	room, member, err := tx.RoomFor(d.User, d.Room)
	if err != nil {
		return err
	}
	seq := min(d.Seq, room.LastSeq)
	if room.Kind != KindDM || !member.Active() || seq <= max(member.DeliveredSeq, member.ReadSeq) {
		return nil
	}
	if err := tx.SetDelivered(d.Room, d.User, seq); err != nil {
		return err
	}
	peers, err := receivers(tx, d.Room, d.User)
	if err != nil || len(peers) == 0 {
		return err
	}
	s.publish(tx, Delivered{Room: d.Room, User: d.User, Seq: seq, Peers: peers})
	return nil
}

// SeenBy lists who of the others in a room has read a message, but for its author and those who joined after it. It is
// told in rooms of at most MaxReaders members, and only by and to those who show it. Errors: NotFound (room, or a message
// that is not there or deleted), Forbidden (not a member, a larger room, somebody who does not show it either).
func (s *Service) SeenBy(ctx context.Context, by Session, room string, seq int64) ([]ShortUser, error) {
	seen := []ShortUser{}
	err := s.store.View(ctx, func(tx Tx) error {
		c, err := s.findMessage(tx, by, target{event: "message:seen", room: room, seq: seq})
		if err != nil {
			return err
		}
		if c.message.Deleted() {
			return errNoMessage()
		}
		if c.room.MembersCount > MaxReaders {
			return Errorf(Forbidden, "Who has read is told in rooms of at most %d members.", MaxReaders)
		}
		if !c.me.Receipts {
			return Errorf(Forbidden, "You do not show what you have read, so you do not see it of others.")
		}
		readers, err := readersOf(tx, c.room.ID)
		if err != nil {
			return err
		}
		for _, r := range showing(readers, c.me.ID, showsReceipts) {
			if r.User.ID != c.message.Author.ID && r.Seen >= seq && !r.JoinedAt.After(c.message.CreatedAt) {
				seen = append(seen, r.User.Short())
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return seen, nil
}

// Audience is for whom a message of the acting user was. Only in rooms of at most MaxReaders members are they known by
// name.
type Audience struct {
	Message Message
	Small   bool // the room has at most MaxReaders members
	People  []ID // of a small room, the others who were members then, and show the user what they have got and when they are here
	Hidden  bool // of a small room, others do not
}

// AudienceOf finds an own message and whom its author may know the fate of. Errors: NotFound (room, or a message that is
// not there), Forbidden (not one's own, not a member).
func (s *Service) AudienceOf(ctx context.Context, by Session, room string, seq int64) (Audience, error) {
	var audience Audience
	err := s.store.View(ctx, func(tx Tx) error {
		c, err := s.findMessage(tx, by, target{event: "message:route", room: room, seq: seq})
		if err != nil {
			return err
		}
		audience = Audience{Message: c.message, Small: c.room.MembersCount <= MaxReaders}
		if !audience.Small {
			return nil
		}
		readers, err := readersOf(tx, c.room.ID)
		if err != nil {
			return err
		}
		readers = slices.DeleteFunc(readers, func(r Reader) bool {
			return r.JoinedAt.After(c.message.CreatedAt) && r.User.ID != c.me.ID
		})
		for _, r := range showing(readers, c.me.ID, func(p Privacy) bool { return p.Receipts && p.Presence }) {
			audience.People = append(audience.People, r.User.ID)
		}
		audience.Hidden = len(audience.People) < len(readers)-1
		return nil
	})
	if err != nil {
		return Audience{}, err
	}
	return audience, nil
}
