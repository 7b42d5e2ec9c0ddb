package engineio

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"unicode/utf8"
)

// Packet types of Engine.IO, the first character of a packet.
const (
	packetOpen    = '0'
	packetClose   = '1'
	packetPing    = '2'
	packetPong    = '3'
	packetMessage = '4'
	packetUpgrade = '5'
	packetNoop    = '6'
	packetBinary  = 'b' // a message in base64; not a type of its own

	packetSeparator = 0x1e // between the packets of a polling payload
)

// packet is one inbound packet. data is the body of a message, else nil.
type packet struct {
	kind   byte
	data   []byte
	binary bool
}

// parsePacket decodes a text packet, base64 in place. It reports false if it
// is none that a client may send.
func parsePacket(b []byte) (packet, bool) {
	if len(b) == 0 {
		return packet{}, false
	}
	switch kind := b[0]; kind {
	case packetMessage:
		return packet{kind: kind, data: b[1:]}, true
	case packetBinary:
		n, err := base64.StdEncoding.Decode(b[1:], b[1:])
		return packet{packetMessage, b[1 : 1+n], true}, err == nil
	case packetOpen, packetClose, packetPong, packetUpgrade, packetNoop:
		return packet{kind: kind}, true
	}
	return packet{}, false
}

// eachPacket calls f with the packets of a polling payload until f returns
// false. It reports false if the payload or one of its packets is malformed;
// what precedes the mistake has been delivered.
func eachPacket(payload []byte, f func(packet) bool) bool {
	if !utf8.Valid(payload) {
		return false
	}
	for more := true; more; {
		var part []byte
		part, payload, more = bytes.Cut(payload, []byte{packetSeparator})
		p, ok := parsePacket(part)
		if !ok {
			return false
		}
		if !f(p) {
			return true
		}
	}
	return true
}

// appendPayload joins packets to a polling payload.
func appendPayload(dst []byte, frames []*Frame) []byte {
	for i, f := range frames {
		if i > 0 {
			dst = append(dst, packetSeparator)
		}
		dst = f.appendText(dst)
	}
	return dst
}

// openPacket is what a handshake is answered with.
func (srv *Server) openPacket(sid, transport string) *Frame {
	body, err := json.Marshal(struct {
		SID          string   `json:"sid"`
		Upgrades     []string `json:"upgrades"`
		PingInterval int64    `json:"pingInterval"`
		PingTimeout  int64    `json:"pingTimeout"`
		MaxPayload   int64    `json:"maxPayload"`
	}{sid, srv.upgrades(transport), srv.opts.PingInterval.Milliseconds(), srv.opts.PingTimeout.Milliseconds(), srv.opts.MaxPayload})
	if err != nil { // strings and integers always encode
		body = nil
	}
	return newPacket(packetOpen, body)
}

// upgrades lists the transports a session may change to.
func (srv *Server) upgrades(transport string) []string {
	names := []string{}
	if transport != TransportPolling || srv.opts.NoUpgrades {
		return names
	}
	for _, name := range []string{TransportWebSocket, TransportWebTransport} {
		if srv.serves(name) {
			names = append(names, name)
		}
	}
	return names
}
