package api

import (
	"context"

	"parley/internal/chat"
	"parley/internal/wire"
)

func (t *Table) edit(ctx context.Context, by chat.Session, in wire.EditRequest) (wire.MessageAnswer, error) {
	if in.Seq == nil {
		return wire.MessageAnswer{}, errSeq()
	}
	if in.Body == nil {
		return wire.MessageAnswer{}, &wire.FieldError{Field: "body", Want: "a string"}
	}
	return messageAnswer(by)(t.chat.Edit(ctx, by, chat.EditInput{Room: in.Room, Seq: *in.Seq, Body: *in.Body, Rev: in.Rev}))
}

func (t *Table) delete(ctx context.Context, by chat.Session, in wire.DeleteRequest) (wire.MessageAnswer, error) {
	if in.Seq == nil {
		return wire.MessageAnswer{}, errSeq()
	}
	return messageAnswer(by)(t.chat.Delete(ctx, by, chat.DeleteInput{Room: in.Room, Seq: *in.Seq, Rev: in.Rev}))
}

func (t *Table) react(ctx context.Context, by chat.Session, in wire.ReactionRequest) (wire.MessageAnswer, error) {
	if in.Seq == nil {
		return wire.MessageAnswer{}, errSeq()
	}
	if in.On == nil {
		return wire.MessageAnswer{}, errOn()
	}
	return messageAnswer(by)(t.chat.React(ctx, by, chat.ReactInput{Room: in.Room, Seq: *in.Seq, Emoji: in.Emoji, On: *in.On}))
}

func (t *Table) pin(ctx context.Context, by chat.Session, in wire.PinRequest) (wire.MessageAnswer, error) {
	if in.Seq == nil {
		return wire.MessageAnswer{}, errSeq()
	}
	if in.On == nil {
		return wire.MessageAnswer{}, errOn()
	}
	return messageAnswer(by)(t.chat.Pin(ctx, by, chat.PinInput{Room: in.Room, Seq: *in.Seq, On: *in.On}))
}

// messageAnswer shows a message to who has changed it.
func messageAnswer(by chat.Session) func(chat.Message, error) (wire.MessageAnswer, error) {
	return func(m chat.Message, err error) (wire.MessageAnswer, error) {
		if err != nil {
			return wire.MessageAnswer{}, err
		}
		return wire.MessageAnswer{Message: wire.FromMessage(m, by.User)}, nil
	}
}

func errSeq() error { return &wire.FieldError{Field: "seq", Want: "a whole number"} }

func errOn() error { return &wire.FieldError{Field: "on", Want: "true or false"} }
