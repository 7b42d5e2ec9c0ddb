package reactor

import (
	"fmt"
	"testing"

	"golang.org/x/sys/unix"
)

// More connections than one system call serves, so that the first one fails
// amid the round.
func TestBatch_WritesOneByOneOnceTheKernelRefuses(t *testing.T) {
	d := newEpoll(false)
	defer d.Shutdown()
	const count = batchSize + 10
	var conns []*epollConn
	var peers []func(n int) []byte
	for range count {
		ours, theirs := pair(t)
		o := attach(t, d, ours, false)
		o.conn.Start(nil)
		conns = append(conns, o.conn.(*epollConn))
		peers = append(peers, func(n int) []byte { return readFull(t, theirs, n) })
	}
	b := newBatch(d)
	defer b.close()
	if b.ring != nil { // else the kernel has refused from the start
		unix.Close(b.ring.fd)
		b.ring.fd = -1
	}
	for i, c := range conns {
		c.Queue(fmt.Appendf(nil, "to %03d,", i), false)
		c.Queue([]byte("rest"), false)
	}
	b.write(conns)
	for i, read := range peers {
		if got, want := string(read(11)), fmt.Sprintf("to %03d,rest", i); got != want {
			t.Errorf("%d got %q, want %q", i, got, want)
		}
	}
	if b.ring != nil {
		t.Error("the ring that failed is still used")
	}
}

func TestQueue_WhatWasTakenComesBeforeWhatCameMeanwhile(t *testing.T) {
	var pool blockPool
	var taken, meanwhile queue
	for i := range blockSize + 2 {
		taken.push(&pool, fmt.Appendf(nil, "%d,", i))
	}
	taken.advance(&pool, 3) // "0," and half of "1,"
	meanwhile.push(&pool, []byte("and more"))
	meanwhile.prepend(taken)
	var got string
	for b := range meanwhile.buffers {
		got += string(b)
	}
	if want := ",2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,and more"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
