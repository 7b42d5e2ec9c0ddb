package redisadapter

import (
	"encoding/json"
	"fmt"
	"strconv"

	"parley/socketio"
	"parley/socketio/parser"
)

// Publish queues a message for Redis; see socketio.Adapter.
func (a *Adapter) Publish(m *socketio.Message) error {
	if m.Targeted && len(m.Rooms) == 0 {
		return a.publishForNobody(m)
	}
	switch m.Operation {
	case socketio.OpEmit:
		return a.publishEvent(m)
	case socketio.OpAnswer:
		return a.publishAnswer(m)
	case socketio.OpAsk, socketio.OpFetch, socketio.OpServerEmit, socketio.OpJoin, socketio.OpLeave, socketio.OpDisconnect:
		return a.publishRequest(m)
	default:
		return fmt.Errorf("redisadapter: operation %q has no form in Redis", m.Operation)
	}
}

// publishForNobody is for what names no rooms at all, which on the wire would
// be for everybody. If answers are awaited, it is for a room that nobody is in.
func (a *Adapter) publishForNobody(m *socketio.Message) error {
	if m.Request == 0 {
		return nil
	}
	nobody := *m
	nobody.Rooms = []string{a.uid}
	return a.publishRequest(&nobody)
}

func (a *Adapter) publishEvent(m *socketio.Message) error {
	payload, err := encode([]any{a.uid, packetOf(m), optionsOf(m)}, m.Attachments)
	if err != nil {
		return fmt.Errorf("redisadapter: encode event: %w", err)
	}
	channel := a.broadcastChannel(m.Namespace)
	if len(m.Rooms) == 1 {
		channel += m.Rooms[0] + "#"
	}
	return a.link.publish(channel, payload)
}

func packetOf(m *socketio.Message) *packet {
	return &packet{Type: eventPacket, Data: m.Payload, Namespace: m.Namespace}
}

func optionsOf(m *socketio.Message) *options {
	o := &options{Rooms: names{}, Except: names{}, Flags: &flags{Volatile: m.Volatile, Timeout: m.Timeout}}
	o.Rooms, o.Except = append(o.Rooms, m.Rooms...), append(o.Except, m.Except...)
	if m.Plain {
		no := false
		o.Flags.Compress = &no
	}
	return o
}

// publishRequest asks the other servers to do something or to answer.
func (a *Adapter) publishRequest(m *socketio.Message) error {
	r := wireRequest{UID: a.uid, Opts: optionsOf(m)}
	if m.Request != 0 {
		r.RequestID = a.uid + "." + strconv.FormatUint(m.Request, 10)
	}
	var payload []byte
	var err error
	switch m.Operation {
	case socketio.OpAsk:
		r.Type, r.Packet = typeBroadcast, packetOf(m)
		payload, err = encode(r, m.Attachments)
	case socketio.OpServerEmit:
		r.Type, r.Opts = typeServerSideEmit, nil
		if r.Data, err = (parser.Value{JSON: m.Payload, Attachments: m.Attachments}).MarshalJSON(); err == nil {
			payload, err = json.Marshal(r)
		}
	default:
		r.Type, r.Rooms, r.Close = typeOf[m.Operation], m.Targets, m.Close
		payload, err = json.Marshal(r)
	}
	if err != nil {
		return fmt.Errorf("redisadapter: encode request: %w", err)
	}
	if m.Request != 0 {
		a.questions.add(r.RequestID, m)
	}
	return a.link.publish(a.requestChannel(m.Namespace), payload)
}

// typeOf has the operations whose requests are JSON.
var typeOf = map[socketio.Operation]requestType{
	socketio.OpFetch: typeRemoteFetch, socketio.OpJoin: typeRemoteJoin, socketio.OpLeave: typeRemoteLeave, socketio.OpDisconnect: typeRemoteDisconnect,
}

// publishAnswer answers a request of another server. An error has no form in
// Redis: there is no answer then.
func (a *Adapter) publishAnswer(m *socketio.Message) error {
	r := a.requests.take(m)
	if r == nil || m.Error != "" {
		return nil
	}
	answer := wireResponse{RequestID: r.id}
	channel := a.responseChannel(r.namespace)
	if a.opts.SpecificResponses && r.kind != typeServerSideEmit {
		channel += r.uid + "#"
	}
	var payload []byte
	var err error
	switch {
	case m.Count != nil:
		answer.Type, answer.Count = typeBroadcastClientCount, m.Count
		payload, err = json.Marshal(answer)
	case r.kind == typeBroadcast:
		answer.Type, answer.Socket = typeBroadcastAck, m.Socket
		if answer.Packet, err = firstOf(m.Payload); err == nil {
			payload, err = encode(answer, m.Attachments)
		}
	case r.kind == typeServerSideEmit:
		answer.Type = typeServerSideEmit
		v := parser.Value{Attachments: m.Attachments}
		if v.JSON, err = firstOf(m.Payload); err == nil && v.JSON != nil {
			answer.Data, err = v.MarshalJSON()
		}
		if err == nil {
			payload, err = json.Marshal(answer)
		}
	default:
		if answer.Sockets, err = r.describe(m.Sockets); err == nil {
			payload, err = json.Marshal(answer)
		}
	}
	if err != nil {
		return fmt.Errorf("redisadapter: encode answer: %w", err)
	}
	return a.link.publish(channel, payload)
}

// firstOf returns the first element of an array, nil if there is none.
func firstOf(array json.RawMessage) (json.RawMessage, error) {
	parts, err := parser.Split(array)
	if err != nil || len(parts) == 0 {
		return nil, err
	}
	return parts[0], nil
}
