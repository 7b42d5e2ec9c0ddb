package redisadapter

import (
	"encoding/json"
	"log/slog"
	"testing"

	"github.com/redis/go-redis/v9"

	"parley/socketio"
)

// Whatever comes from Redis, what reaches the server is complete and nothing
// panics.
func FuzzReceive(f *testing.F) {
	f.Add(0, "\x93\xa7emitter\x83\xa4type\x02\xa4data\x92\xa5hello\xc4\x01A\xa3nsp\xa1/\x83\xa5rooms\x91\x07\xa6except\x90\xa5flags\x81\xa8volatile\xc3")
	f.Add(1, `{"uid":"a","requestId":"b","type":5,"opts":{"rooms":["x"],"except":[]}}`)
	f.Add(1, `{"uid":"a","requestId":"b","type":1}`)
	f.Add(1, `{"type":4,"opts":{"rooms":[],"except":[1]},"close":true}`)
	f.Add(2, `{"requestId":"asked","type":8,"clientCount":1}`)
	f.Add(2, "\x83\xa4type\x09\xa9requestId\xa5asked\xa6packet\xc4\x01A")
	f.Fuzz(func(t *testing.T, kind int, payload string) {
		a := New(redis.NewClient(&redis.Options{Addr: "127.0.0.1:1"}), &Options{Logger: slog.New(slog.DiscardHandler)})
		defer a.client.Close()
		defer a.Close()
		a.deliver = func(m *socketio.Message) {
			if m.Operation == "" || m.Operation != socketio.OpAnswer && m.Namespace == "" || m.Targeted != (len(m.Rooms) > 0) {
				t.Errorf("delivered %+v", m)
			}
			if m.Operation == socketio.OpAnswer && m.Payload != nil && !json.Valid(m.Payload) {
				t.Errorf("delivered %s", m.Payload)
			}
		}
		a.questions.add("asked", &socketio.Message{Operation: socketio.OpAsk, Request: 1})
		switch kind {
		case 0:
			a.receive(&redis.Message{Channel: "socket.io#/#", Pattern: "socket.io#/#*", Payload: payload})
		case 1:
			a.receive(&redis.Message{Channel: "socket.io-request#/#", Payload: payload})
		default:
			a.receive(&redis.Message{Channel: "socket.io-response#/#", Payload: payload})
		}
	})
}
