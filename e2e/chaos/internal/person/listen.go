package person

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/e2e/chaos/internal/history"
	"parley/internal/wire"
	"parley/socketio/socketiotest"
)

// raise is what every event has that raises the rev of a room.
type raise struct {
	Room wire.ID `json:"room"`
	Rev  int64   `json:"rev"`
}

// take applies an event. An error means that the connection is of no use any more.
func (p *Person) take(ctx context.Context, client *socketiotest.Client, e *socketiotest.Event) error {
	switch e.Name {
	case wire.Ready:
		return p.takeReady(ctx, client, e)
	case wire.ServerDraining:
		return p.takeDraining(e)
	}
	if p.opts.Blind {
		return nil
	}
	switch e.Name {
	case wire.MessageNew:
		var push wire.MessagePush
		if err := e.Args.Scan(&push); err != nil {
			return err
		}
		return p.takeMessage(ctx, client, push)
	case wire.MessageChanged, wire.MemberChanged:
		var push raise
		if err := e.Args.Scan(&push); err != nil {
			return err
		}
		return p.advance(ctx, client, push.Room, push.Rev, nil)
	case wire.RoomChanged:
		var push wire.RoomPush
		if err := e.Args.Scan(&push); err != nil {
			return err
		}
		return p.advance(ctx, client, push.Room.ID, push.Rev, nil)
	case wire.RoomNew:
		var push wire.RoomNewPush
		if err := e.Args.Scan(&push); err != nil {
			return err
		}
		return p.catchUp(ctx, client, push.Room.ID)
	case wire.RoomRemoved:
		var push wire.RemovedPush
		if err := e.Args.Scan(&push); err != nil {
			return err
		}
		p.update(func() { delete(p.rooms, push.Room) })
	}
	return nil
}

func (p *Person) takeDraining(e *socketiotest.Event) error {
	var push wire.DrainingPush
	if err := e.Args.Scan(&push); err != nil {
		return err
	}
	p.update(func() {
		p.told = time.Duration(push.RetryMS) * time.Millisecond
		p.backAt = time.Now().Add(p.told)
	})
	return nil
}

// takeReady compares the heads with what the person has, and asks for the difference.
func (p *Person) takeReady(ctx context.Context, client *socketiotest.Client, e *socketiotest.Event) error {
	if p.opts.Blind {
		p.ready(client)
		return nil
	}
	var push wire.ReadyPush
	if err := e.Args.Scan(&push); err != nil {
		return err
	}
	heads := map[wire.ID]int64{}
	for _, head := range push.Rooms {
		heads[head.Room.ID] = head.LastRev
	}
	p.update(func() {
		for id := range p.rooms {
			if _, in := heads[id]; !in {
				delete(p.rooms, id)
			}
		}
	})
	p.ready(client)
	if p.opts.Naive {
		return nil
	}
	for _, head := range push.Rooms {
		if p.stateOf(head.Room.ID).rev >= head.LastRev {
			continue
		}
		if err := p.catchUp(ctx, client, head.Room.ID); err != nil {
			return err
		}
	}
	return nil
}

// stateOf is what the person knows of a room.
func (p *Person) stateOf(id wire.ID) room {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := p.rooms[id]; r != nil {
		return *r
	}
	return room{}
}

func (p *Person) takeMessage(ctx context.Context, client *socketiotest.Client, push wire.MessagePush) error {
	if p.opts.Naive {
		p.show(push.Message)
		return nil
	}
	return p.advance(ctx, client, push.Room, push.Rev, &push.Message)
}

// advance applies the change with a rev: a new message, or one that shows nothing here. One that is not newer is
// ignored; behind a gap the person asks for what they have missed.
func (p *Person) advance(ctx context.Context, client *socketiotest.Client, id wire.ID, rev int64, message *wire.Message) error {
	if p.opts.Naive {
		return nil
	}
	have := p.stateOf(id).rev
	switch {
	case rev <= have:
		return nil
	case rev > have+1:
		return p.catchUp(ctx, client, id)
	}
	if message != nil {
		p.showNext(id, *message)
	}
	p.update(func() { p.roomOf(id).rev = rev })
	return nil
}

// roomOf is what the person knows of a room, to be changed. The lock is held.
func (p *Person) roomOf(id wire.ID) *room {
	if p.rooms[id] == nil {
		p.rooms[id] = &room{}
	}
	return p.rooms[id]
}

// catchUp asks for what has changed in a room since the rev that the person has.
func (p *Person) catchUp(ctx context.Context, client *socketiotest.Client, id wire.ID) error {
	if p.opts.Naive {
		return nil
	}
	for more := true; more; {
		answer, err := p.ask(ctx, client, wire.RoomChanges, map[string]any{"room": id, "since": p.stateOf(id).rev})
		if err != nil {
			return err
		}
		if !answer.OK {
			return nil // not a member any more; room:removed says so
		}
		if answer.Reset {
			if err := p.readOn(ctx, client, id); err != nil {
				return err
			}
		}
		slices.SortFunc(answer.Messages, func(a, b wire.Message) int { return cmp.Compare(a.Seq, b.Seq) })
		for _, message := range answer.Messages {
			p.showNext(id, message)
		}
		p.update(func() { p.roomOf(id).rev = answer.ToRev })
		more = answer.More
	}
	return nil
}

// readOn reads the history behind the last message shown, page by page: the person was too far behind.
func (p *Person) readOn(ctx context.Context, client *socketiotest.Client, id wire.ID) error {
	for {
		page, err := p.ask(ctx, client, wire.RoomHistory, map[string]any{"room": id, "after": p.stateOf(id).seq, "limit": 200})
		if err != nil || len(page.Messages) == 0 {
			return err
		}
		for _, message := range page.Messages {
			p.showNext(id, message)
		}
	}
}

// showNext shows a message unless it was shown before.
func (p *Person) showNext(id wire.ID, message wire.Message) {
	if message.Seq <= p.stateOf(id).seq {
		return
	}
	p.show(message)
	p.update(func() { p.roomOf(id).seq = message.Seq })
}

func (p *Person) show(message wire.Message) {
	p.opts.Record.Add(history.Event{
		Kind: history.Shown, Who: p.opts.Name, Room: message.Room.String(), CID: CIDOf(message.Body), Seq: message.Seq,
		Text: history.Digest(message.Body),
	})
}

// CIDOf is the cid of a message, with which every body begins, so that those who are not its author know it too.
func CIDOf(body string) string {
	cid, _, _ := strings.Cut(body, " ")
	return cid
}

// answer is what a person looks at of answers.
type answer struct {
	OK    bool       `json:"ok"`
	Error wire.Error `json:"error"`

	Message  wire.Message   `json:"message"`  // of message:send
	Messages []wire.Message `json:"messages"` // of room:changes and room:history
	ToRev    int64          `json:"to_rev"`
	More     bool           `json:"more"`
	Reset    bool           `json:"reset"`
}

// ask calls the server. A refusal is an answer, not an error.
func (p *Person) ask(ctx context.Context, client *socketiotest.Client, event string, payload any) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, p.opts.Patience)
	defer cancel()
	args, err := client.Call(ctx, event, payload)
	if err != nil {
		return answer{}, fmt.Errorf("ask %s: %w", event, err)
	}
	var a answer
	if err := args.Scan(&a); err != nil {
		return answer{}, fmt.Errorf("read the answer of %s: %w", event, err)
	}
	return a, nil
}
