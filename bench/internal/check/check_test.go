package check

import (
	"bytes"
	"errors"
	"testing"
)

func TestText_EveryByteOfAMessageIsChecked(t *testing.T) {
	for _, size := range []int{MinSize, 32, 512} {
		text := NewText(size)
		message := text.Append(nil, 4711, 123456)
		sender, seq, err := text.Parse(message)
		if len(message) != size || sender != 4711 || seq != 123456 || err != nil {
			t.Fatalf("%d bytes: got %d of %d, %v", len(message), seq, sender, err)
		}
		for i := range message {
			damaged := bytes.Clone(message)
			damaged[i] ^= 1
			if _, _, err := text.Parse(damaged); !errors.Is(err, ErrContent) {
				t.Errorf("damage at byte %d of %d went unseen: %s", i, size, damaged)
			}
		}
		for _, other := range [][]byte{nil, message[:size-1], append(bytes.Clone(message), 'x')} {
			if _, _, err := text.Parse(other); !errors.Is(err, ErrContent) {
				t.Errorf("%d bytes were taken for a message of %d", len(other), size)
			}
		}
	}
}

// delivery is one message reaching one recipient.
type delivery struct {
	recipient, sender int
	seq               uint32
}

// run sends n messages from each sender and plays what happens to their deliveries; the first complaint counts.
func run(a Audience, n uint32, happens func([]delivery) []delivery) error {
	ledger := NewLedger(a)
	var all []delivery
	for i := range ledger.Senders() {
		sender := ledger.Sender(i)
		for range n {
			seq := ledger.Send(sender)
			for r := range a.Recipients {
				if r/a.Group == sender/a.Group && (a.Echo || r != sender) {
					all = append(all, delivery{r, sender, seq})
				}
			}
		}
	}
	if ledger.Owed() != int64(len(all)) {
		return errors.New("owes another number of deliveries than were made")
	}
	for _, d := range happens(all) {
		if err := ledger.Deliver(d.recipient, d.sender, d.seq); err != nil {
			return err
		}
	}
	return ledger.Settle()
}

var audiences = map[string]Audience{
	"everybody": {Recipients: 20, Group: 20, Senders: 1, Echo: true},
	"rooms":     {Recipients: 20, Group: 5, Senders: 3},
}

func TestLedger_IsContentWithOrderPerSender(t *testing.T) {
	for name, a := range audiences {
		asSent := func(all []delivery) []delivery { return all }
		if err := run(a, 7, asSent); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLedger_DifferentSendersMayOvertakeEachOther(t *testing.T) {
	lastSenderFirst := func(all []delivery) (out []delivery) {
		for member := 2; member >= 0; member-- {
			for _, d := range all {
				if d.sender%5 == member {
					out = append(out, d)
				}
			}
		}
		return out
	}
	if err := run(audiences["rooms"], 7, lastSenderFirst); err != nil {
		t.Error(err)
	}
}

func TestLedger_EverySeededFaultTurnsItRed(t *testing.T) {
	faults := map[string]struct {
		want    error
		happens func([]delivery) []delivery
	}{
		"the last one lost":   {ErrLost, func(all []delivery) []delivery { return all[:len(all)-1] }},
		"nothing arrives":     {ErrLost, func([]delivery) []delivery { return nil }},
		"one lost on the way": {ErrReordered, func(all []delivery) []delivery { return append(all[:3:3], all[4:]...) }},
		"one doubled":         {ErrDoubled, func(all []delivery) []delivery { return append(all[:4:4], all[3:]...) }},
		"one doubled at the end": {ErrDoubled, func(all []delivery) []delivery {
			return append(all, all[len(all)-1])
		}},
		"two swapped": {ErrReordered, func(all []delivery) []delivery {
			for i := range all[1:] {
				if d := &all[i+1]; d.recipient == all[0].recipient && d.sender == all[0].sender {
					all[0].seq, d.seq = d.seq, all[0].seq
					break
				}
			}
			return all
		}},
		"a message from nowhere": {ErrMisrouted, func(all []delivery) []delivery {
			return append(all, delivery{all[0].recipient, all[0].sender, 1000})
		}},
		"a message of somebody who does not send": {ErrMisrouted, func(all []delivery) []delivery {
			return append(all, delivery{all[0].recipient, 4, 0})
		}},
	}
	for audience, a := range audiences {
		for name, fault := range faults {
			if err := run(a, 7, fault.happens); !errors.Is(err, fault.want) {
				t.Errorf("%s, %s: %v, want %v", audience, name, err, fault.want)
			}
		}
	}
}

func TestLedger_MessagesStayInTheirRoom(t *testing.T) {
	for name, stray := range map[string]delivery{
		"another room":   {recipient: 7, sender: 0, seq: 0},
		"back to sender": {recipient: 0, sender: 0, seq: 0},
	} {
		leak := func(all []delivery) []delivery { return append(all, stray) }
		if err := run(audiences["rooms"], 7, leak); !errors.Is(err, ErrMisrouted) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestVisitor_StartsAnywhereAndMissesNothing(t *testing.T) {
	for _, c := range []struct {
		seqs []uint32
		want error
	}{
		{[]uint32{41, 42, 43}, nil},
		{[]uint32{41, 43}, ErrReordered},
		{[]uint32{41, 42, 42}, ErrDoubled},
	} {
		v, err := NewVisitor(), error(nil)
		for _, seq := range c.seqs {
			if err = v.Deliver(seq); err != nil {
				break
			}
		}
		if !errors.Is(err, c.want) {
			t.Errorf("%v: %v, want %v", c.seqs, err, c.want)
		}
	}
}

func FuzzText_Parse(f *testing.F) {
	text := NewText(32)
	f.Add(text.Append(nil, 1, 2))
	f.Add([]byte("00010000000gabcdefghijklmnopqrst"))
	f.Fuzz(func(t *testing.T, message []byte) {
		sender, seq, err := text.Parse(message)
		if err == nil && !bytes.Equal(text.Append(nil, sender, seq), message) {
			t.Errorf("%q was taken for message %d of %d", message, seq, sender)
		}
	})
}
