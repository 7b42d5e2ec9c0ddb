package redisadapter

import (
	"context"
	"errors"
	"sync"

	"github.com/redis/go-redis/v9"
)

// Errors of Publish.
var (
	ErrQueueFull = errors.New("redisadapter: too much waits to be sent to Redis")
	ErrClosed    = errors.New("redisadapter: closed")
)

// link is the connection to Redis. One goroutine sends, in order, one reads.
type link struct {
	adapter *Adapter
	ctx     context.Context // ends with stop
	cancel  context.CancelFunc
	sub     *redis.PubSub
	running sync.WaitGroup
	ready   chan struct{} // has something while anything waits

	mu         sync.Mutex // guards the fields below
	waiting    []job
	bytes      int            // of what waits
	namespaces map[string]int // that are open
	closed     bool
}

// job is something for the goroutine that sends.
type job struct {
	channel   string // to be published on, or
	payload   []byte
	namespace string // to be subscribed to or not any more
}

// overhead is what a job costs beside its payload, in bytes.
const overhead = 64

func (l *link) init(a *Adapter) {
	l.adapter = a
	l.ctx, l.cancel = context.WithCancel(context.Background())
	l.ready = make(chan struct{}, 1)
	l.namespaces = map[string]int{}
}

func (l *link) start() {
	l.sub = l.adapter.client.Subscribe(l.ctx)
	l.running.Go(l.send)
}

func (l *link) stop() error {
	l.mu.Lock()
	again := l.closed
	l.closed = true
	l.waiting = nil
	l.mu.Unlock()
	if again {
		return nil
	}
	l.cancel()
	var err error
	if l.sub != nil {
		err = l.sub.Close()
	}
	l.running.Wait()
	l.adapter.questions.stop()
	l.adapter.requests.stop()
	return err
}

// publish queues a message.
func (l *link) publish(channel string, payload []byte) error {
	return l.add(job{channel: channel, payload: payload}, l.adapter.opts.MaxQueueBytes)
}

func (l *link) subscribe(namespace string)   { l.count(namespace, 1) }
func (l *link) unsubscribe(namespace string) { l.count(namespace, -1) }

// count notes that a namespace has come or gone, in any order.
func (l *link) count(namespace string, by int) {
	l.mu.Lock()
	before := l.namespaces[namespace] > 0
	l.namespaces[namespace] += by
	after := l.namespaces[namespace] > 0
	if l.namespaces[namespace] == 0 {
		delete(l.namespaces, namespace)
	}
	l.mu.Unlock()
	if before != after {
		_ = l.add(job{namespace: namespace}, 0) // fails after stop only
	}
}

// add queues a job, if not more than limit bytes wait. A limit of 0 is none.
func (l *link) add(j job, limit int) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	size := overhead + len(j.payload)
	switch {
	case l.closed:
		return ErrClosed
	case limit > 0 && l.bytes+size > limit && len(l.waiting) > 0:
		return ErrQueueFull
	}
	l.bytes += size
	l.waiting = append(l.waiting, j)
	select {
	case l.ready <- struct{}{}:
	default: // it is told already
	}
	return nil
}

// take returns what waits.
func (l *link) take() []job {
	l.mu.Lock()
	defer l.mu.Unlock()
	jobs := l.waiting
	l.waiting, l.bytes = nil, 0
	return jobs
}

// send is a goroutine: it does what is queued, in order. What is published goes
// to Redis together.
func (l *link) send() {
	reading := false
	for {
		select {
		case <-l.ready:
		case <-l.ctx.Done():
			return
		}
		pipe := l.adapter.client.Pipeline()
		for _, j := range l.take() {
			if j.channel != "" {
				pipe.Publish(l.ctx, j.channel, j.payload)
				continue
			}
			l.flush(pipe)
			l.settle(j.namespace)
			if !reading {
				reading = true
				l.running.Go(l.read)
			}
		}
		l.flush(pipe)
	}
}

// flush sends what is in the pipe.
func (l *link) flush(pipe redis.Pipeliner) {
	if pipe.Len() == 0 {
		return
	}
	if _, err := pipe.Exec(l.ctx); err != nil && l.ctx.Err() == nil {
		l.adapter.opts.Logger.Error("messages to other servers are lost", "error", err)
	}
}

// settle subscribes to the channels of a namespace if it is open, else ends
// that. Where the connection is broken, this is done when there is one again.
func (l *link) settle(namespace string) {
	l.mu.Lock()
	open := l.namespaces[namespace] > 0
	l.mu.Unlock()
	a := l.adapter
	responses := a.responseChannel(namespace)
	channels := []string{a.requestChannel(namespace), responses, responses + a.uid + "#"}
	var err error
	if open {
		err = errors.Join(l.sub.PSubscribe(l.ctx, a.broadcastPattern(namespace)), l.sub.Subscribe(l.ctx, channels...))
	} else {
		err = errors.Join(l.sub.Unsubscribe(l.ctx, channels...), l.sub.PUnsubscribe(l.ctx, a.broadcastPattern(namespace)))
	}
	if err != nil && l.ctx.Err() == nil {
		a.opts.Logger.Error("channels of a namespace were not changed yet", "namespace", namespace, "error", err)
	}
}

// read is a goroutine: it takes what Redis sends, and has the connection made
// anew when it breaks.
func (l *link) read() {
	const buffered = 1024 // messages
	for message := range l.sub.Channel(redis.WithChannelSize(buffered)) {
		l.adapter.receive(message)
	}
}
