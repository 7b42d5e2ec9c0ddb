package reactor

import "sync"

// blockSize is how many buffers a block of a queue holds.
const blockSize = 15

// block is a piece of a queue: bufs[first:last] wait.
type block struct {
	bufs        [blockSize][]byte
	next        *block
	first, last int
}

// queue holds buffers by reference, first in, first out. An empty queue owns
// no memory: its blocks come from a pool that all connections share.
type queue struct {
	head, tail *block
	offset     int // bytes of the first buffer that have been written
}

// blockPool hands out empty blocks.
type blockPool struct{ pool sync.Pool }

func (p *blockPool) get() *block {
	if b, ok := p.pool.Get().(*block); ok {
		return b
	}
	return new(block)
}

func (p *blockPool) put(b *block) {
	clear(b.bufs[:b.last])
	b.next, b.first, b.last = nil, 0, 0
	p.pool.Put(b)
}

func (q *queue) empty() bool { return q.head == nil }

// push appends buf, which must not be empty.
func (q *queue) push(pool *blockPool, buf []byte) {
	if q.tail == nil || q.tail.last == blockSize {
		b := pool.get()
		if q.tail == nil {
			q.head = b
		} else {
			q.tail.next = b
		}
		q.tail = b
	}
	q.tail.bufs[q.tail.last] = buf
	q.tail.last++
}

// prepend puts everything of other before q, which has been filled from empty
// after other was taken from it.
func (q *queue) prepend(other queue) {
	if other.empty() {
		return
	}
	if q.empty() {
		*q = other
		return
	}
	other.tail.next = q.head
	q.head, q.offset = other.head, other.offset
}

// only returns the one buffer that waits, or nil if there are more.
func (q *queue) only() []byte {
	if b := q.head; b.next == nil && b.last-b.first == 1 {
		return b.bufs[b.first][q.offset:]
	}
	return nil
}

// buffers yields what waits.
func (q *queue) buffers(yield func([]byte) bool) {
	offset := q.offset
	for b := q.head; b != nil; b = b.next {
		for _, buf := range b.bufs[b.first:b.last] {
			if !yield(buf[offset:]) {
				return
			}
			offset = 0
		}
	}
}

// advance removes the first n bytes.
func (q *queue) advance(pool *blockPool, n int) {
	for n > 0 {
		b := q.head
		if rest := len(b.bufs[b.first]) - q.offset; n < rest {
			q.offset += n
			return
		} else {
			n -= rest
		}
		q.offset = 0
		b.first++
		if b.first < b.last {
			continue
		}
		q.head = b.next
		if q.head == nil {
			q.tail = nil
		}
		pool.put(b)
	}
}

// drop empties the queue.
func (q *queue) drop(pool *blockPool) {
	for b := q.head; b != nil; {
		next := b.next
		pool.put(b)
		b = next
	}
	*q = queue{}
}
