package chat

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a message.
const (
	MaxBody      = 8000 // code points
	maxCID       = 64   // characters
	maxRecipient = 7
)

// SendInput is a message to be sent. With neither Room nor To it goes to Everyone.
type SendInput struct {
	Room    string
	To      []string // one to seven users; the dm is made on first use; nil = not given
	CID     string   // the client's name for this message, 1–64 characters; empty = the server makes one
	Body    string   // 1–8,000 code points
	ReplyTo *int64   // seq of a message of the room
	Files   []string // ids of uploads
}

// SendResult is the stored message.
type SendResult struct {
	Message   Message
	Duplicate bool // it had been sent before with the same CID; nothing was published now
}

// draft is a message that has been checked as far as that can be done without the store.
type draft struct {
	SendInput
	spots  []mentionSpot
	body   int64 // digest of what is sent
	target int64 // digest of how the audience is named
}

// Send stores a message, once for each author and CID, and answers after it is on disk (MessageCreated; RoomCreated
// before it if the message made its dm; MessageChanged of what began its thread if it answers something). A repeated CID
// answers the first message as it now is, also when the author has left the room since. Errors: Invalid (Field body, cid,
// to, room, reply_to), TooLarge (Field body), NotFound (room, recipient, file), Forbidden, Conflict (the CID was used for
// another body or room), Unavailable.
func (s *Service) Send(ctx context.Context, by Session, in SendInput) (SendResult, error) {
	d, err := newDraft(in)
	if err != nil {
		return SendResult{}, err
	}
	var result SendResult
	err = s.store.Update(ctx, func(tx Tx) error {
		author, err := s.actor(tx, by)
		if err != nil {
			return err
		}
		first, found, err := s.sentBefore(tx, author, d)
		if found || err != nil {
			result = SendResult{Message: first, Duplicate: true}
			return err
		}
		room, member, err := s.audience(tx, author, in)
		if err != nil {
			return err
		}
		message, err := s.post(tx, author, room, member, d)
		result = SendResult{Message: message}
		return err
	})
	if err != nil {
		return SendResult{}, err
	}
	return result, nil
}

func newDraft(in SendInput) (draft, error) {
	if in.Room != "" && in.To != nil {
		return draft{}, invalidField("to", "A message goes to a room or to people, not to both.")
	}
	if err := checkText(in.Body); err != nil {
		return draft{}, err
	}
	if err := checkSome(in.Body, len(in.Files)); err != nil {
		return draft{}, err
	}
	if utf8.RuneCountInString(in.CID) > maxCID || !utf8.ValidString(in.CID) || strings.ContainsFunc(in.CID, unicode.IsControl) {
		return draft{}, invalidField("cid", "A cid has 1 to %d characters.", maxCID)
	}
	if len(in.Files) > MaxFiles {
		return draft{}, invalidField("files", "A message carries at most %d files.", MaxFiles)
	}
	return draft{SendInput: in, spots: mentionSpots(in.Body), body: contentDigest(in), target: targetDigest(in)}, nil
}

// checkText tells whether a body is text that is not too long.
func checkText(body string) error {
	if utf8.RuneCountInString(body) > MaxBody {
		e := Errorf(TooLarge, "A message has at most %d characters.", MaxBody)
		e.Field = "body"
		return e
	}
	if !utf8.ValidString(body) || strings.ContainsRune(body, 0) {
		return invalidField("body", "A message is text.")
	}
	return nil
}

// checkSome tells whether there is anything in a message.
func checkSome(body string, files int) error {
	if files == 0 && strings.TrimSpace(body) == "" {
		return invalidField("body", "A message needs some text.")
	}
	return nil
}

// digest tells a text from another that the same author sends. Nobody gains by a collision with their own message.
func digest(text string) int64 {
	sum := sha256.Sum256([]byte(text))
	return int64(binary.LittleEndian.Uint64(sum[:8]))
}

// contentDigest is the digest of what is sent.
func contentDigest(in SendInput) int64 {
	if len(in.Files) == 0 {
		return digest(in.Body)
	}
	return digest(in.Body + "\x00" + strings.Join(in.Files, " ")) // no body has a zero byte
}

func targetDigest(in SendInput) int64 {
	if in.To == nil {
		return digest("room " + foldName(strings.TrimPrefix(in.Room, "#")))
	}
	people := make([]string, len(in.To))
	for i, named := range in.To {
		people[i] = foldName(strings.TrimPrefix(named, "@"))
	}
	slices.Sort(people)
	return digest("to " + strings.Join(people, " "))
}

// sentBefore is the message that the author has sent under this CID. Error: Conflict if it was another one.
func (s *Service) sentBefore(tx Tx, author ShortUser, d draft) (Message, bool, error) {
	if d.CID == "" {
		return Message{}, false, nil
	}
	sent, err := tx.FirstSent(author.ID, d.CID)
	if errors.Is(err, ErrNotFound) {
		return Message{}, false, nil
	}
	if err != nil {
		return Message{}, false, fmt.Errorf("look for an earlier send: %w", err)
	}
	same := sent.Body == d.body
	if same && sent.Target != d.target {
		same = s.targetIs(tx, author, d.SendInput, sent.Room)
	}
	if !same {
		return Message{}, false, errCIDUsed()
	}
	first, err := tx.MessageAt(sent.Room, sent.Seq)
	if err != nil {
		return Message{}, false, fmt.Errorf("load an earlier send: %w", err)
	}
	return first, true, nil
}

// targetIs tells whether the audience, however it is named now, is a room.
func (s *Service) targetIs(tx Tx, author ShortUser, in SendInput, room ID) bool {
	if in.To != nil {
		key, _, err := dmOf(tx, author, in.To)
		if err != nil {
			return false
		}
		dm, err := tx.DMRoom(key)
		return err == nil && dm.ID == room
	}
	if in.Room == "" {
		return room == s.everyone
	}
	id, err := lookUpRoom(tx, author.ID, in.Room)
	return err == nil && id == room
}

func errCIDUsed() *Error {
	e := Errorf(Conflict, "This cid was used for another message.")
	e.Field = "cid"
	return e
}

// post stores a checked message in a room.
func (s *Service) post(tx Tx, author ShortUser, room Room, member Member, d draft) (Message, error) {
	if err := s.mayPost(tx, deed{event: "message:send", room: room, member: member}); err != nil {
		return Message{}, err
	}
	var err error
	message := Message{
		ID: s.opts.NewID(), Room: room.ID, Author: author, Kind: KindText, CID: d.CID, CreatedAt: s.now(),
	}
	if message.CID == "" {
		message.CID = message.ID.String()
	}
	if d.ReplyTo != nil {
		if message.ReplyTo, message.Thread, err = answered(tx, room.ID, *d.ReplyTo); err != nil {
			return Message{}, err
		}
	}
	if message.Body, message.Mentions, err = storeMentions(tx, room.ID, d.Body, d.spots); err != nil {
		return Message{}, err
	}
	if message.Seq, message.Rev, err = tx.NextMessage(room); err != nil {
		return Message{}, fmt.Errorf("give the message its place: %w", err)
	}
	if err := attach(tx, &message, d.Files); err != nil {
		return Message{}, err
	}
	if err := s.insertMessage(tx, message, d); err != nil {
		return Message{}, err
	}
	s.publish(tx, MessageCreated{Kind: room.Kind, Message: message})
	return message, s.countReply(tx, room, message, 1)
}

// insertMessage writes a message, who it mentions, and that its author has read up to it.
func (s *Service) insertMessage(tx Tx, m Message, d draft) error {
	if err := tx.InsertMessage(m, d.body, d.target); err != nil {
		return fmt.Errorf("insert message: %w", err)
	}
	if s.inserted.Add(1)%indexEvery == 0 {
		if _, err := indexNext(tx, 2*indexEvery); err != nil {
			return err
		}
	}
	for _, user := range m.Mentions.named() {
		if err := tx.InsertMention(m.Room, m.Seq, user); err != nil {
			return fmt.Errorf("insert mention: %w", err)
		}
	}
	if err := tx.SetReadSeq(m.Room, m.Author.ID, m.Seq, m.CreatedAt); err != nil {
		return fmt.Errorf("move the author's read mark: %w", err)
	}
	return nil
}

// mayPost applies the rule of an event that is like posting, and what narrows it: the room's archive and policy, and
// blocks.
func (s *Service) mayPost(tx Tx, d deed) error {
	if err := s.permit(d); err != nil {
		return err
	}
	if d.room.Archived() {
		return errArchived()
	}
	if d.room.PostPolicy == PostModerators && d.member.Role == MemberPlain {
		return Errorf(Forbidden, "Only moderators and owners can post in this room.")
	}
	return freeOfBlocks(tx, d.member.User, d.room)
}
