package socketio_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"parley/socketio"
)

// Whatever is lost, a request ends, in time, with what has come.
func TestCluster_LostMessagesEndInATimeoutWithPartialAnswers(t *testing.T) {
	for lost, want := range map[string]struct{ acks, sockets int }{
		"request": {2, 2}, "count": {4, 4}, "ack": {3, 4}, "sockets": {4, 2},
	} {
		t.Run(lost, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &bus{}
				nodes := cluster(t, b, 2, 2)
				defer stop(b, nodes)
				for _, n := range nodes {
					n.answering(t, n.clients...)
				}
				spoiled := nodes[1].clients[0].ID()
				b.losing(func(m *socketio.Message) bool {
					return lost == "request" && (m.Operation == socketio.OpAsk || m.Operation == socketio.OpFetch) ||
						lost == "count" && m.Count != nil || lost == "ack" && m.Socket == spoiled || lost == "sockets" && m.Sockets != nil
				})
				answers, err := nodes[0].io.EmitWithAck(t.Context(), "ask")
				checkPartial(t, "acks", err, len(answers), want.acks, lost != "sockets")
				sockets, err := nodes[0].io.FetchSockets(t.Context())
				checkPartial(t, "sockets", err, len(sockets), want.sockets, lost == "sockets" || lost == "request")
			})
		})
	}
}

func checkPartial(t *testing.T, what string, err error, got, want int, missing bool) {
	t.Helper()
	if missing != errors.Is(err, context.DeadlineExceeded) || got != want {
		t.Errorf("%s: %d, want %d: %v", what, got, want, err)
	}
}

// On a bus that is lossy, slow and reordering, an answer without an error is
// complete and one with an error says how much is missing at least.
func TestCluster_NeverClaimsToBeCompleteWhenItIsNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(1, 2))
		b := &bus{delay: time.Second}
		nodes := cluster(t, b, 3, 2)
		defer stop(b, nodes)
		for _, n := range nodes {
			n.answering(t, n.clients...)
		}
		b.losing(func(m *socketio.Message) bool {
			return m.Operation != socketio.OpAlive && random.IntN(10) == 0
		})
		complete := 0
		for range 50 {
			began := time.Now()
			answers, err := nodes[0].io.EmitWithAck(t.Context(), "ask")
			who := from(t, answers)
			if len(slices.Compact(who)) != len(answers) {
				t.Error("somebody has answered twice")
			}
			if err == nil && len(answers) != 6 {
				t.Errorf("%d answers without an error", len(answers))
			}
			if time.Since(began) > 5*time.Second {
				t.Errorf("took %v", time.Since(began))
			}
			if err == nil {
				complete++
			}
		}
		if complete == 0 || complete == 50 {
			t.Errorf("%d of 50 were complete, which tests little", complete)
		}
	})
}

func TestCluster_ABusThatIsDownIsAnError(t *testing.T) {
	opts := quiet(t)
	down := errors.New("bus is down")
	opts.Adapter = adapterFunc(func(*socketio.Message) error { return down })
	io := socketio.New(opts)
	server := start(t, io)
	client := dial(t, server, nil)
	(&node{}).answering(t, client)
	answers, err := io.EmitWithAck(testContext(t), "ask")
	if !errors.Is(err, down) || len(answers) != 1 {
		t.Errorf("%d answers, %v", len(answers), err)
	}
	sockets, err := io.FetchSockets(testContext(t))
	if !errors.Is(err, down) || len(sockets) != 1 {
		t.Errorf("%d sockets, %v", len(sockets), err)
	}
	if err := io.ServerSideEmit("x"); !errors.Is(err, down) {
		t.Errorf("got %v", err)
	}
}

func TestCluster_ANamespaceThatOthersLackIsNoReasonToWait(t *testing.T) {
	overBuses(t, 2, 1, func(t *testing.T, b *bus, nodes []*node) {
		only := nodes[0].io.Of("/only-here")
		began := time.Now()
		answers, err := only.EmitWithAck(t.Context(), "ask")
		if must(t, err); len(answers) != 0 {
			t.Errorf("%d answers", len(answers))
		}
		sockets, err := only.FetchSockets(t.Context())
		if must(t, err); len(sockets) != 0 {
			t.Errorf("%d sockets", len(sockets))
		}
		_, err = only.ServerSideEmitWithAck(t.Context(), "ask")
		if incomplete, ok := errors.AsType[*socketio.IncompleteError](err); !ok || incomplete.Missing != 1 || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if after := time.Since(began); after > 3*time.Second {
			t.Errorf("took %v", after)
		}
	})
}

func TestIncompleteError_SaysHowManyAndWhy(t *testing.T) {
	err := &socketio.IncompleteError{Missing: 2, Err: context.DeadlineExceeded}
	must(t, errorIs(err, "socketio: 2 answers missing: context deadline exceeded"))
}

func TestSocketOperator_EmitWithAck(t *testing.T) {
	io := socketio.New(quiet(t))
	client := dial(t, start(t, io), nil)
	(&node{}).answering(t, client)
	args, err := io.Socket(client.ID()).Compress(false).EmitWithAck(testContext(t), "ask")
	if must(t, err); string(args.Raw[0]) != `"`+client.ID()+`"` {
		t.Errorf("got %s", args.Raw)
	}
}

func TestCluster_AnEventThatIsNoneHurtsNobody(t *testing.T) {
	opts := quiet(t)
	bus := &bus{}
	peer := bus.adapter()
	opts.Adapter, opts.Recovery = bus.adapter(), &socketio.Recovery{}
	io := socketio.New(opts)
	handleSettle(io.Namespace)
	client := dial(t, start(t, io), nil)
	for _, payload := range []string{`null`, `{}`, `"["`} {
		for _, op := range []socketio.Operation{socketio.OpEmit, socketio.OpAsk, socketio.OpServerEmit} {
			must(t, peer.Publish(&socketio.Message{Operation: op, From: "other", Namespace: "/", Payload: []byte(payload)}))
		}
	}
	must(t, peer.Publish(&socketio.Message{Operation: socketio.OpEmit, From: "other", Namespace: "/"}))
	must(t, client.Emit("settle"))
	must(t, client.Expect(testContext(t), "settled"))
}
