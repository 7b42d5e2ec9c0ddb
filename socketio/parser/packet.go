package parser

import (
	"encoding/json"
	"strconv"
)

// Type is the type of a packet. Whether a packet has attachments is not part
// of its type here, though it is on the wire.
type Type byte

// Types of packets.
const (
	Connect Type = iota
	Disconnect
	Event
	Ack
	ConnectError
	binaryEvent // on the wire only
	binaryAck   // on the wire only
)

// Packet is one packet of either direction.
type Packet struct {
	Type      Type
	Namespace string // "/" for the default one; "" encodes as "/"
	ID        uint64 // of the acknowledgement, valid if HasID
	HasID     bool
	Payload   Value // the JSON behind the header, with attachments

	// Name and Args split the payload of an Event, Args alone that of an Ack.
	// The decoder sets them; Text does not look at them.
	Name string
	Args []json.RawMessage
}

// Text returns the packet's text message. The attachments of the payload
// follow it as binary messages.
func (p *Packet) Text() []byte {
	const numbers = 2*20 + 2 // two integers, a type and a dash
	text := make([]byte, 0, len(p.Payload.JSON)+len(p.Namespace)+numbers)
	return append(p.AppendHeader(text), p.Payload.JSON...)
}

// AppendHeader appends what stands before the payload's JSON in the text
// message.
func (p *Packet) AppendHeader(dst []byte) []byte {
	attachments := len(p.Payload.Attachments)
	dst = append(dst, '0'+byte(p.wireType()))
	if attachments > 0 {
		dst = strconv.AppendInt(dst, int64(attachments), 10)
		dst = append(dst, '-')
	}
	if p.Namespace != "" && p.Namespace != "/" {
		dst = append(dst, p.Namespace...)
		dst = append(dst, ',')
	}
	if p.HasID {
		dst = strconv.AppendUint(dst, p.ID, 10)
	}
	return dst
}

func (p *Packet) wireType() Type {
	if len(p.Payload.Attachments) == 0 {
		return p.Type
	}
	switch p.Type {
	case Event:
		return binaryEvent
	case Ack:
		return binaryAck
	default:
		return p.Type
	}
}

// IsReserved reports whether an event name belongs to the protocol, so that
// neither side may send it.
func IsReserved(event string) bool {
	switch event {
	case "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener":
		return true
	default:
		return false
	}
}
