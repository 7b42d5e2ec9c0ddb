package redisadapter

import (
	"encoding/json"
	"strings"

	"github.com/redis/go-redis/v9"

	"parley/socketio"
)

// receive takes a message of any channel.
func (a *Adapter) receive(message *redis.Message) {
	var err error
	channel, payload := message.Channel, message.Payload
	switch {
	case message.Pattern != "":
		err = a.receiveEvent(message)
	case strings.HasPrefix(channel, a.opts.Key+"-request#"):
		err = a.receiveRequest(namespaceIn(channel, a.opts.Key+"-request#"), payload)
	default:
		err = a.receiveResponse(payload)
	}
	if err != nil {
		a.opts.Logger.Warn("message of another server was not understood", "channel", channel, "error", err)
	}
}

// namespaceIn returns the namespace in the name of a channel.
func namespaceIn(channel, prefix string) string {
	return strings.TrimSuffix(strings.TrimPrefix(channel, prefix), "#")
}

// receiveEvent takes an array of who has sent it, a packet and options. Where
// the patterns of two namespaces match one channel, it comes twice: once by the
// pattern of the namespace that it is for.
func (a *Adapter) receiveEvent(message *redis.Message) error {
	var parts [3]json.RawMessage
	namespace, room := a.placeOf(message)
	if room != "" && !a.rooms.has(namespace, room) {
		return nil
	}
	attachments, err := decode(message.Payload, &parts)
	if err != nil {
		return err
	}
	var from string
	var p packet
	var o options
	for i, dest := range []any{&from, &p, &o} {
		if err := json.Unmarshal(parts[i], dest); err != nil {
			return err
		}
	}
	if p.Namespace == "" {
		p.Namespace = "/"
	}
	if from == a.uid || a.broadcastPattern(p.Namespace) != message.Pattern || p.Type != eventPacket && p.Type != binaryPacket {
		return nil
	}
	m := addressed(socketio.OpEmit, p.Namespace, from, &o)
	m.Payload, m.Attachments = p.Data, attachments
	a.deliver(m)
	return nil
}

// placeOf returns the namespace that a pattern belongs to, and the room in the
// name of the channel that it has matched, if there is one.
func (a *Adapter) placeOf(message *redis.Message) (namespace, room string) {
	pattern := strings.TrimSuffix(message.Pattern, "#*")
	namespace = strings.TrimPrefix(plain(pattern), a.opts.Key+"#")
	room = strings.TrimPrefix(message.Channel, a.broadcastChannel(namespace))
	return namespace, strings.TrimSuffix(room, "#")
}

// plain undoes the escaping of a pattern.
func plain(pattern string) string {
	var text strings.Builder
	for i := 0; i < len(pattern); i++ {
		if pattern[i] == '\\' && i+1 < len(pattern) {
			i++
		}
		text.WriteByte(pattern[i])
	}
	return text.String()
}

// addressed is a message for the sockets that options say.
func addressed(op socketio.Operation, namespace, from string, o *options) *socketio.Message {
	m := &socketio.Message{Operation: op, Namespace: namespace, From: from, Targeted: len(o.Rooms) > 0, Rooms: o.Rooms, Except: o.Except}
	if f := o.Flags; f != nil {
		m.Volatile, m.Plain, m.Timeout = f.Volatile, f.Compress != nil && !*f.Compress, f.Timeout
	}
	return m
}

// receiveRequest does what another server asks for. What names no options would
// be for everybody, and comes from versions that are older than the format.
func (a *Adapter) receiveRequest(namespace, payload string) error {
	var r wireRequest
	attachments, err := decode(payload, &r)
	if err != nil || r.UID == a.uid {
		return err
	}
	if r.Opts == nil {
		r.Opts = &options{Rooms: r.Rooms} // which typeSockets has
		if r.Type != typeSockets && r.Type != typeAllRooms && r.Type != typeServerSideEmit {
			return nil
		}
	}
	m := addressed("", namespace, r.UID, r.Opts)
	switch r.Type {
	case typeAllRooms:
		return a.answerRooms(namespace, &r)
	case typeSockets, typeRemoteFetch:
		m.Operation = socketio.OpFetch
	case typeRemoteJoin, typeRemoteLeave:
		m.Operation, m.Targets = socketio.OpJoin, r.Rooms
		if r.Type == typeRemoteLeave {
			m.Operation = socketio.OpLeave
		}
	case typeRemoteDisconnect:
		m.Operation, m.Close = socketio.OpDisconnect, r.Close
	case typeServerSideEmit:
		m.Operation, m.Payload = socketio.OpServerEmit, r.Data
	case typeBroadcast:
		if r.Packet == nil {
			return nil
		}
		m.Operation, m.Payload, m.Attachments = socketio.OpAsk, r.Packet.Data, attachments
	default:
		return nil
	}
	if r.RequestID != "" {
		if !a.requests.add(m, namespace, &r) {
			return nil
		}
	}
	a.deliver(m)
	return nil
}

// answerRooms tells which rooms this server has in a namespace, those of single
// sockets included.
func (a *Adapter) answerRooms(namespace string, r *wireRequest) error {
	payload, err := json.Marshal(struct {
		RequestID string   `json:"requestId"`
		Rooms     []string `json:"rooms"`
	}{r.RequestID, a.rooms.names(namespace)})
	if err != nil {
		return err
	}
	channel := a.responseChannel(namespace)
	if a.opts.SpecificResponses {
		channel += r.UID + "#"
	}
	return a.link.publish(channel, payload)
}
