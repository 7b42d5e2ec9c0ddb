package redisadapter

import (
	"encoding/json"
	"sync"
	"time"

	"parley/socketio"
)

// requests are those of other servers that this one has not answered yet.
type requests struct {
	mu     sync.Mutex // guards the fields below
	open   map[uint64]*request
	last   uint64
	closed bool
}

// request is one of them.
type request struct {
	kind      requestType
	namespace string
	uid, id   string // of the server that asks, of the request
	expiry    *time.Timer

	counted bool // owed is known
	owed    int  // acknowledgements of sockets, less those that came
}

// most bounds the requests that are open; one more is not answered.
const most = 10_000

// add gives a request a number, with which the message goes to the server.
func (q *requests) add(m *socketio.Message, namespace string, r *wireRequest) bool {
	lasts := longest
	if m.Timeout > 0 {
		lasts = time.Duration(m.Timeout) * time.Millisecond
	} else {
		m.Timeout = longest.Milliseconds()
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || len(q.open) >= most {
		return false
	}
	q.last++
	number := q.last
	m.Request = number
	q.open[number] = &request{
		kind: r.Type, namespace: namespace, uid: r.UID, id: r.RequestID, expiry: time.AfterFunc(lasts, func() { q.forget(number) }),
	}
	return true
}

func (q *requests) forget(number uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.open, number)
}

// take returns the request that an answer is to, nil if it is not open. With the
// last answer it is closed.
func (q *requests) take(m *socketio.Message) *request {
	q.mu.Lock()
	defer q.mu.Unlock()
	r := q.open[m.Request]
	if r == nil {
		return nil
	}
	switch {
	case m.Count != nil:
		r.counted = true
		r.owed += *m.Count
	case r.kind == typeBroadcast:
		r.owed--
	}
	if r.kind != typeBroadcast || r.counted && r.owed == 0 {
		r.expiry.Stop()
		delete(q.open, m.Request)
	}
	return r
}

// stop forgets all.
func (q *requests) stop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	for _, r := range q.open {
		r.expiry.Stop()
	}
	clear(q.open)
}

// describe makes the answer of the request's kind.
func (r *request) describe(sockets []socketio.RemoteSocket) (json.RawMessage, error) {
	if r.kind == typeSockets {
		ids := make([]string, 0, len(sockets))
		for i := range sockets {
			ids = append(ids, sockets[i].ID)
		}
		return json.Marshal(ids)
	}
	list := make([]wireSocket, 0, len(sockets))
	for i := range sockets {
		list = append(list, toWire(&sockets[i]))
	}
	return json.Marshal(list)
}
