package redisadapter

import (
	"bytes"
	"encoding/json"
	"strconv"
	"sync"
	"time"

	"parley/socketio"
)

// questions are requests of this server that may still be answered.
type questions struct {
	mu     sync.Mutex           // guards the fields below
	open   map[string]*question // by the id in Redis
	closed bool
}

// question is one of them. Answers do not say which server they come from. So
// the first one is taken to be that of server "1", and so on; an acknowledgement
// of a socket is taken to come from the first server that owes one, and waits
// for the servers' counts if none does yet.
type question struct {
	operation socketio.Operation
	request   uint64 // the server's id of it
	expiry    *time.Timer

	mu       sync.Mutex // guards the fields below
	answered int        // servers
	owed     []int      // by each server, acknowledgements
	early    []*socketio.Message
	acks     int // that came
}

// longest is how long a request without a time of its own may be answered.
const longest = time.Minute

// add remembers a request until its sender waits no longer.
func (q *questions) add(id string, m *socketio.Message) {
	lasts := longest
	if m.Timeout > 0 {
		lasts = time.Duration(m.Timeout) * time.Millisecond
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	q.open[id] = &question{operation: m.Operation, request: m.Request, expiry: time.AfterFunc(lasts, func() { q.forget(id) })}
}

func (q *questions) forget(id string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.open, id)
}

func (q *questions) find(id string) *question {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.open[id]
}

// stop forgets all.
func (q *questions) stop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	for _, question := range q.open {
		question.expiry.Stop()
	}
	clear(q.open)
}

// receiveResponse takes an answer, which may be for another server.
func (a *Adapter) receiveResponse(payload string) error {
	var r wireResponse
	attachments, err := decode(payload, &r)
	if err != nil {
		return err
	}
	q := a.questions.find(r.RequestID)
	if q == nil {
		return nil
	}
	list, err := q.take(&r, attachments)
	for _, m := range list {
		a.deliver(m)
	}
	return err
}

// take returns what an answer tells the server.
func (q *question) take(r *wireResponse, attachments [][]byte) ([]*socketio.Message, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	m := &socketio.Message{Operation: socketio.OpAnswer, Request: q.request}
	switch {
	case q.operation == socketio.OpFetch:
		sockets, err := socketsIn(r.Sockets)
		if err != nil {
			return nil, err
		}
		m.Sockets = sockets
	case q.operation == socketio.OpServerEmit:
		m.Payload = arrayOf(r.Data)
	case r.Count != nil:
		m.Count = r.Count
		q.owed = append(q.owed, *r.Count)
	default:
		q.acks++
		if m.Socket = r.Socket; m.Socket == "" {
			m.Socket = "#" + strconv.Itoa(q.acks)
		}
		m.Payload, m.Attachments = arrayOf(r.Packet), attachments
		q.early = append(q.early, m)
		return q.assign(), nil
	}
	q.answered++
	m.From = strconv.Itoa(q.answered)
	return append([]*socketio.Message{m}, q.assign()...), nil
}

// assign gives the acknowledgements that wait to servers that owe some.
func (q *question) assign() (assigned []*socketio.Message) {
	for i := range q.owed {
		for q.owed[i] > 0 && len(q.early) > 0 {
			q.owed[i]--
			q.early[0].From = strconv.Itoa(i + 1)
			assigned = append(assigned, q.early[0])
			q.early = q.early[1:]
		}
	}
	return assigned
}

func arrayOf(value json.RawMessage) json.RawMessage {
	return bytes.Join([][]byte{[]byte("["), value, []byte("]")}, nil)
}

func socketsIn(list json.RawMessage) ([]socketio.RemoteSocket, error) {
	var sockets []wireSocket
	if list != nil {
		if err := json.Unmarshal(list, &sockets); err != nil {
			return nil, err
		}
	}
	described := make([]socketio.RemoteSocket, 0, len(sockets))
	for i := range sockets {
		described = append(described, fromWire(&sockets[i]))
	}
	return described, nil
}
