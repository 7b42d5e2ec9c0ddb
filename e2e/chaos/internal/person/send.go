package person

import (
	"context"
	"time"

	"parley/e2e/chaos/internal/history"
	"parley/internal/wire"
	"parley/socketio/socketiotest"
)

// Send asks for a message to be stored, again with the same cid after every attempt whose answer is unknown, until there
// is an answer. It tells how long the attempt took that was answered. The body is words behind the cid. The error is a
// *Refusal, ErrOver, or that of ctx: then nobody knows what became of the message.
func (p *Person) Send(ctx context.Context, room, cid, words string) (time.Duration, error) {
	e := history.Event{Who: p.opts.Name, Room: room, CID: cid, Text: history.Digest(Body(cid, words))}
	var client *socketiotest.Client
	for {
		var err error
		if client, err = p.online(ctx, client); err != nil {
			return 0, err
		}
		e.Kind = history.Sent
		p.opts.Record.Add(e)
		began := time.Now()
		answer, err := p.ask(ctx, client, wire.MessageSend, map[string]any{"room": room, "cid": cid, "body": Body(cid, words)})
		took := time.Since(began)
		switch {
		case err != nil:
			e.Kind = history.Unknown
			p.opts.Record.Add(e)
			client.Close() // an answer that does not come is a connection that is lost
		case !answer.OK:
			e.Kind = history.Refused
			p.opts.Record.Add(e)
			return took, (*Refusal)(&answer.Error)
		default:
			e.Kind, e.Seq = history.Acked, answer.Message.Seq
			p.opts.Record.Add(e)
			return took, nil
		}
	}
}

// Body is the body of a message.
func Body(cid, words string) string { return cid + " " + words }

// Ask asks the server for anything else, once, when there is a connection. The error is a *Refusal, ErrOver, that of ctx
// or of the connection.
func (p *Person) Ask(ctx context.Context, event string, payload any) error {
	_, err := p.get(ctx, event, payload)
	return err
}

func (p *Person) get(ctx context.Context, event string, payload any) (answer, error) {
	client, err := p.online(ctx, nil)
	if err != nil {
		return answer{}, err
	}
	a, err := p.ask(ctx, client, event, payload)
	if err != nil {
		return answer{}, err
	}
	if !a.OK {
		return answer{}, (*Refusal)(&a.Error)
	}
	return a, nil
}

// online waits for a connection other than one that has failed.
func (p *Person) online(ctx context.Context, failed *socketiotest.Client) (*socketiotest.Client, error) {
	var client *socketiotest.Client
	err := p.wait(ctx, func() bool {
		client = p.client
		return client != nil && client != failed
	})
	return client, err
}

// Online waits until the person is connected.
func (p *Person) Online(ctx context.Context) error {
	_, err := p.online(ctx, nil)
	return err
}

// Reach waits until the person has applied all changes of a room up to a rev, without coming back for it, and notes the
// claim that they have shown all of it.
func (p *Person) Reach(ctx context.Context, id wire.ID, rev int64) error {
	err := p.wait(ctx, func() bool { return p.rooms[id] != nil && p.rooms[id].rev >= rev })
	if err == nil || ctx.Err() != nil {
		p.opts.Record.Add(history.Event{Kind: history.CaughtUp, Who: p.opts.Name, Room: id.String(), Seq: 1})
	}
	return err
}

// ReadAll reads the history of a room from the beginning, as a client does that has never been here, and notes it as
// what is kept.
func (p *Person) ReadAll(ctx context.Context, id wire.ID, authors map[wire.ID]string) error {
	for after := int64(0); ; {
		page, err := p.get(ctx, wire.RoomHistory, map[string]any{"room": id, "after": after, "limit": 200})
		if err != nil {
			return err
		}
		if len(page.Messages) == 0 {
			p.opts.Record.Add(history.Event{Kind: history.Read, Who: p.opts.Name, Room: id.String()})
			return nil
		}
		for _, m := range page.Messages {
			p.opts.Record.Add(history.Event{
				Kind: history.Kept, Who: authors[m.Author.ID], Room: id.String(), CID: CIDOf(m.Body), Seq: m.Seq, Text: history.Digest(m.Body),
			})
			after = m.Seq
		}
	}
}

// LastRev is the newest rev of a room.
func (p *Person) LastRev(ctx context.Context, id wire.ID) (int64, error) {
	for since := int64(0); ; {
		answer, err := p.get(ctx, wire.RoomChanges, map[string]any{"room": id, "since": since})
		if err != nil || !answer.More {
			return answer.ToRev, err
		}
		since = answer.ToRev
	}
}
