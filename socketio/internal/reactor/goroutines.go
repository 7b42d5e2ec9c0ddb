package reactor

import (
	"errors"
	"io"
	"net"
	"sync"
)

const (
	readBufferSize = 4 << 10
	// scratchSize is how many bytes of small buffers are put together for one
	// write.
	scratchSize = 64 << 10
	// congestion is how many bytes wait on a connection when it counts as
	// congested, whatever the kernel says.
	congestion = 64 << 10
)

// goroutines is the driver with a goroutine per connection, and a second one
// per connection while there is something to write.
type goroutines struct {
	blocks  blockPool
	scratch sync.Pool // of *[]byte with scratchSize bytes
	running sync.WaitGroup

	mu    sync.Mutex // guards the fields below
	conns map[*goConn]struct{}
	down  bool
}

// NewGoroutines returns the driver that works with every net.Conn.
func NewGoroutines() Driver {
	return &goroutines{conns: make(map[*goConn]struct{})}
}

func (d *goroutines) Attach(nc net.Conn, h Handler) (Conn, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.down {
		nc.Close()
		return nil, ErrShutdown
	}
	c := &goConn{driver: d, nc: nc, handler: h}
	d.conns[c] = struct{}{}
	return c, nil
}

func (d *goroutines) Shutdown() {
	d.mu.Lock()
	d.down = true
	conns := make([]*goConn, 0, len(d.conns))
	for c := range d.conns {
		conns = append(conns, c)
	}
	d.mu.Unlock()
	for _, c := range conns {
		c.Close()
	}
	d.running.Wait()
}

func (d *goroutines) release(c *goConn) {
	d.mu.Lock()
	delete(d.conns, c)
	d.mu.Unlock()
}

// goConn is a connection of the goroutines driver.
type goConn struct {
	driver  *goroutines
	nc      net.Conn
	handler Handler

	mu        sync.Mutex // guards the fields below
	queue     queue      // not what the writer has taken
	waiting   int        // bytes, including what the writer has taken
	written   uint32
	started   bool
	writing   bool // the writer runs
	finishing bool // the connection ends when nothing waits
	linger    bool // with its sending half first
	finished  bool
	closed    bool
}

func (c *goConn) Start(buffered []byte) {
	c.mu.Lock()
	c.started = true
	closed := c.closed
	if !closed {
		c.driver.running.Add(1)
		c.write()
	}
	c.mu.Unlock()
	if closed {
		c.driver.release(c)
		c.handler.Closed(nil)
		return
	}
	go c.read(buffered)
}

func (c *goConn) Queue(b []byte, soon bool) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || c.finishing || len(b) == 0 {
		return c.waiting
	}
	c.queue.push(&c.driver.blocks, b)
	c.waiting += len(b)
	if soon {
		c.write()
	}
	return c.waiting
}

func (c *goConn) Flush() {
	c.mu.Lock()
	c.write()
	c.mu.Unlock()
}

func (c *goConn) Backlog() (int, uint32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.waiting, c.written
}

func (c *goConn) Congested() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.waiting >= congestion
}

func (c *goConn) Finish(linger bool) {
	c.mu.Lock()
	c.finishing, c.linger = true, linger
	c.write()
	c.mu.Unlock()
}

func (c *goConn) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	c.closed = true
	c.queue.drop(&c.driver.blocks)
	c.waiting = 0
	c.nc.Close()
}

// read delivers what arrives until the connection ends.
func (c *goConn) read(buffered []byte) {
	defer c.driver.running.Done()
	if len(buffered) > 0 {
		c.handler.Read(buffered)
	}
	buf := make([]byte, readBufferSize)
	var err error
	for err == nil {
		var n int
		n, err = c.nc.Read(buf)
		if n > 0 {
			c.handler.Read(buf[:n])
		}
	}
	c.Close()
	c.driver.release(c)
	if errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) || errors.Is(err, io.ErrClosedPipe) {
		err = nil
	}
	c.handler.Closed(err)
}

// write starts the writer if there is work for it and none runs. c.mu is held.
func (c *goConn) write() {
	work := !c.queue.empty() || (c.finishing && !c.finished)
	if !c.started || c.writing || c.closed || !work {
		return
	}
	c.writing = true
	c.driver.running.Go(c.writeAll)
}

// writeAll is the writer: it ends when nothing waits.
func (c *goConn) writeAll() {
	scratch, ok := c.driver.scratch.Get().(*[]byte)
	if !ok {
		scratch = new(make([]byte, 0, scratchSize))
	}
	defer c.driver.scratch.Put(scratch)
	for {
		taken, finish, ok := c.take()
		if finish {
			c.finish()
		}
		if !ok {
			return
		}
		if err := c.writeQueue(taken, (*scratch)[:0]); err != nil {
			c.Close()
		}
	}
}

// take moves the queue to the writer. Without one, the writer has to end, and
// to finish the connection first if finish is set.
func (c *goConn) take() (taken queue, finish, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || c.queue.empty() {
		c.writing = false
		finish = c.finishing && !c.finished && !c.closed
		c.finished = c.finished || finish
		return queue{}, finish, false
	}
	taken, c.queue = c.queue, queue{}
	return taken, false, true
}

// finish closes the sending half, or all.
func (c *goConn) finish() {
	half, ok := c.nc.(interface{ CloseWrite() error })
	if !ok || !c.linger { // which does not change after Finish
		c.Close()
		return
	}
	half.CloseWrite()
}

// writeQueue writes all of q, small buffers together.
func (c *goConn) writeQueue(q queue, scratch []byte) error {
	defer q.drop(&c.driver.blocks)
	for buf := range q.buffers {
		if len(scratch)+len(buf) <= cap(scratch) {
			scratch = append(scratch, buf...)
			continue
		}
		if err := c.writeOut(scratch); err != nil {
			return err
		}
		scratch = scratch[:0]
		for ; len(buf) > cap(scratch); buf = buf[cap(scratch):] {
			if err := c.writeOut(buf[:cap(scratch)]); err != nil {
				return err
			}
		}
		scratch = append(scratch, buf...)
	}
	return c.writeOut(scratch)
}

// writeOut writes at most scratchSize bytes, so that Backlog shows progress.
func (c *goConn) writeOut(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	_, err := c.nc.Write(b)
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.waiting -= len(b)
		c.written += uint32(len(b))
	}
	return err
}
