package api

import (
	"context"

	"parley/internal/chat"
	"parley/internal/wire"
)

func (t *Table) send(ctx context.Context, by chat.Session, in wire.SendRequest) (wire.SendAnswer, error) {
	files := make([]string, len(in.Files))
	for i, id := range in.Files {
		files[i] = id.String()
	}
	sent, err := t.chat.Send(ctx, by, chat.SendInput{
		Room: string(in.Room), To: in.To, CID: in.CID, Body: in.Body, ReplyTo: in.ReplyTo, Files: files,
	})
	if err != nil {
		return wire.SendAnswer{}, err
	}
	return wire.SendAnswer{Message: wire.FromMessage(sent.Message, by.User), Duplicate: sent.Duplicate}, nil
}

func (t *Table) history(ctx context.Context, by chat.Session, in wire.HistoryRequest) (wire.HistoryAnswer, error) {
	page, err := t.chat.History(ctx, by, chat.HistoryInput{
		Room: in.Room, Before: in.Before, After: in.After, Around: in.Around, Limit: in.Limit,
	})
	if err != nil {
		return wire.HistoryAnswer{}, err
	}
	return wire.HistoryAnswer{Messages: wire.FromMessages(page.Messages, by.User), First: page.First, Last: page.Last}, nil
}

func (t *Table) thread(ctx context.Context, by chat.Session, in wire.ThreadRequest) (wire.ThreadAnswer, error) {
	if in.Seq == nil {
		return wire.ThreadAnswer{}, errSeq()
	}
	page, err := t.chat.Thread(ctx, by, chat.ThreadInput{
		Room: in.Room, Seq: *in.Seq, Before: in.Before, After: in.After, Limit: in.Limit,
	})
	if err != nil {
		return wire.ThreadAnswer{}, err
	}
	return wire.ThreadAnswer{
		Root: wire.FromMessage(page.Root, by.User), Messages: wire.FromMessages(page.Messages, by.User), More: page.More,
	}, nil
}

func (t *Table) edits(ctx context.Context, by chat.Session, in wire.EditsRequest) (wire.EditsAnswer, error) {
	if in.Seq == nil {
		return wire.EditsAnswer{}, errSeq()
	}
	edits, err := t.chat.Edits(ctx, by, in.Room, *in.Seq)
	if err != nil {
		return wire.EditsAnswer{}, err
	}
	return wire.EditsAnswer{Edits: wire.FromEdits(edits)}, nil
}

func (t *Table) pins(ctx context.Context, by chat.Session, in wire.PinsRequest) (wire.PinsAnswer, error) {
	page, err := t.chat.Pins(ctx, by, chat.PinsInput{Room: in.Room, Cursor: in.Cursor})
	if err != nil {
		return wire.PinsAnswer{}, err
	}
	return wire.PinsAnswer{Messages: wire.FromMessages(page.Messages, by.User), Cursor: page.Cursor}, nil
}

// Changes answers room:changes.
func (t *Table) Changes(ctx context.Context, by chat.Session, in wire.ChangesRequest) (wire.ChangesAnswer, error) {
	if in.Since == nil {
		return wire.ChangesAnswer{}, &wire.FieldError{Field: "since", Want: "a whole number"}
	}
	page, err := t.chat.Changes(ctx, by, chat.ChangesInput{Room: in.Room, Since: *in.Since, Limit: in.Limit})
	if err != nil {
		return wire.ChangesAnswer{}, err
	}
	answer := wire.ChangesAnswer{
		Messages:       wire.FromMessages(page.Messages, by.User),
		ToRev:          page.ToRev,
		More:           page.More,
		MembersChanged: page.MembersChanged,
		Reset:          page.Reset,
	}
	if page.Room != nil {
		room := wire.FromRoom(*page.Room)
		answer.Room = &room
	}
	return answer, nil
}

func (t *Table) setRead(ctx context.Context, by chat.Session, in wire.ReadRequest) (wire.ReadAnswer, error) {
	if in.Seq == nil {
		return wire.ReadAnswer{}, &wire.FieldError{Field: "seq", Want: "a whole number"}
	}
	mark, err := t.chat.SetRead(ctx, by, chat.SetReadInput{Room: in.Room, Seq: *in.Seq, Unread: in.Unread})
	if err != nil {
		return wire.ReadAnswer{}, err
	}
	return wire.ReadAnswer{ReadSeq: mark.ReadSeq, Unread: mark.Unread}, nil
}

func (t *Table) seenBy(ctx context.Context, by chat.Session, in wire.PlaceRequest) (wire.SeenAnswer, error) {
	if in.Seq == nil {
		return wire.SeenAnswer{}, errSeq()
	}
	users, err := t.chat.SeenBy(ctx, by, in.Room, *in.Seq)
	if err != nil {
		return wire.SeenAnswer{}, err
	}
	return wire.SeenAnswer{Users: wire.FromPeople(users), Count: len(users)}, nil
}

func (t *Table) search(ctx context.Context, by chat.Session, in wire.SearchRequest) (wire.SearchAnswer, error) {
	page, err := t.chat.Search(ctx, by, chat.SearchInput{
		Query: in.Q, Room: in.Room, Author: in.Author, Has: chat.Has(in.Has),
		Before: in.Before.Time, After: in.After.Time, Cursor: in.Cursor,
	})
	if err != nil {
		return wire.SearchAnswer{}, err
	}
	return wire.SearchAnswer{Hits: wire.FromHits(page.Hits, by.User), Cursor: page.Cursor}, nil
}
