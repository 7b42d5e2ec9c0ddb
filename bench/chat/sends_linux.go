package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"parley/bench/internal/proc"
	"parley/bench/internal/stats"
	"parley/e2e/stage"
)

// ack is a send that was acknowledged.
type ack struct {
	room, body string
	seq        int64
	took       time.Duration
}

// message is what of a message is looked at.
type message struct {
	Room string `json:"room"`
	Seq  int64  `json:"seq"`
	Body string `json:"body"`
}

// sends is durable, indexed, acknowledged sends: 64 people, each with one send outstanding, in 32 rooms of two. Every
// acknowledgement is looked up in the history afterwards, and some in the search.
func (b *bench) sends(ctx context.Context) error {
	const people, warmup, length = 64, time.Second, 8 * time.Second
	plan := stage.Plan{People: people}
	for i := range people / 2 {
		plan.Rooms = append(plan.Rooms, stage.RoomPlan{Name: fmt.Sprint("room", i), People: []int{2 * i, 2*i + 1}})
	}
	t, err := b.settle(ctx, "sends", plan)
	if err != nil {
		return err
	}
	defer t.leave()
	if err := t.comeAll(ctx, func([]byte) {}); err != nil {
		return err
	}
	if _, err := t.sendFor(warmup, 0); err != nil {
		return err
	}
	before, err := proc.CPU(t.server.PID())
	if err != nil {
		return err
	}
	began := time.Now()
	acks, err := t.sendFor(length, 1)
	if err != nil {
		return err
	}
	window := time.Since(began)
	after, err := proc.CPU(t.server.PID())
	if err != nil {
		return err
	}
	var took []int64
	for _, a := range acks {
		took = append(took, int64(a.took))
	}
	slices.Sort(took)
	b.report("durable acknowledged sends, 64 clients", "≥ 12,000/s", "%.0f/s, %.0f µs of the server each", float64(len(acks))/window.Seconds(),
		float64((after-before).Microseconds())/float64(len(acks)))
	b.report("  99 of 100 answered within", "≤ 25 ms", "%v", time.Duration(stats.Percentile(took, 0.99)).Round(100*time.Microsecond))
	return t.audit(b, acks)
}

// sendFor lets everybody send for a while.
func (t *town) sendFor(length time.Duration, round int) ([]ack, error) {
	each, errs := make([][]ack, len(t.clients)), make([]error, len(t.clients))
	var senders sync.WaitGroup
	for i, c := range t.clients {
		senders.Go(func() {
			for n, end := 0, time.Now().Add(length); time.Now().Before(end); n++ {
				body := fmt.Sprintf("audit%dx%dx%d is a message of an ordinary length for a chat", round, i, n)
				began := time.Now()
				var out struct{ Message message }
				err := c.call("message:send", map[string]string{"room": t.Rooms[i/2], "cid": fmt.Sprintf("%d-%d-%d", round, i, n), "body": body}, &out)
				if err != nil {
					errs[i] = err
					return
				}
				each[i] = append(each[i], ack{t.Rooms[i/2], body, out.Message.Seq, time.Since(began)})
			}
		})
	}
	senders.Wait()
	return slices.Concat(each...), errors.Join(errs...)
}

// audit reads all rooms and finds every acknowledged message at its place, and a sample of them by search.
func (t *town) audit(b *bench, acks []ack) error {
	kept := map[string]map[int64]string{}
	for i, room := range t.Rooms {
		kept[room] = map[int64]string{}
		for after := int64(0); ; {
			var page struct{ Messages []message }
			if err := t.clients[2*i].call("room:history", map[string]any{"room": room, "after": after, "limit": 200}, &page); err != nil {
				return err
			}
			if len(page.Messages) == 0 {
				break
			}
			for _, m := range page.Messages {
				kept[room][m.Seq], after = m.Body, m.Seq
			}
		}
	}
	missing, unfound, sought := 0, 0, 0
	for i, a := range acks {
		if kept[a.room][a.seq] != a.body {
			missing++
		}
		if i%(len(acks)/100) == 0 {
			sought++
			found, err := t.find(a)
			if err != nil {
				return err
			}
			if !found {
				unfound++
			}
		}
	}
	b.report("  of these not in the history", "0", "%d of %d", missing, len(acks))
	b.report("  of a sample not found by search", "0", "%d of %d", unfound, sought)
	return nil
}

func (t *town) find(a ack) (bool, error) {
	var word string
	if _, err := fmt.Sscan(a.body, &word); err != nil {
		return false, err
	}
	var page struct{ Hits []struct{ Message message } }
	owner := t.clients[2*slices.Index(t.Rooms, a.room)]
	if err := owner.call("search", map[string]string{"q": word}, &page); err != nil {
		return false, err
	}
	return slices.ContainsFunc(page.Hits, func(hit struct{ Message message }) bool { return hit.Message.Body == a.body }), nil
}
