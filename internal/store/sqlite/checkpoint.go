package sqlite

import (
	"errors"
	"log/slog"
)

// foldAfter is how many bytes make the log worth folding into the database. The longer it is, the more a reader pays for
// each page.
const foldAfter = 64 << 20

// nearlyDone is how many pages may be left for the writer to fold: a few milliseconds.
const nearlyDone = 512

// checkpointer folds the write-ahead log into the database beside the writer. The log starts over only when all of it
// has been folded at a moment when nobody writes, so the writer itself folds the last pages between two batches.
type checkpointer struct {
	conn *conn
	log  *slog.Logger
	last chan func() // for the writer's goroutine: fold what is left
	wake chan struct{}
	stop chan struct{}
	done chan struct{}

	writer *conn
	bytes  int // since the last fold; the writer's own
}

func startCheckpointer(path string, writer *conn, log *slog.Logger) (*checkpointer, error) {
	c, err := openConn(path, "wal_autocheckpoint(0)")
	if err != nil {
		return nil, err
	}
	p := &checkpointer{
		conn: c, writer: writer, log: log, last: make(chan func()),
		wake: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{}),
	}
	go p.run()
	return p, nil
}

// wrote is told by the writer how many bytes, about, it has committed.
func (p *checkpointer) wrote(count int) {
	p.bytes += count
	if p.bytes < foldAfter {
		return
	}
	p.bytes = 0
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

func (p *checkpointer) run() {
	defer close(p.done)
	for {
		select {
		case <-p.stop:
			return
		case <-p.wake:
			p.fold()
		}
	}
}

func (p *checkpointer) fold() {
	const rounds = 3
	for range rounds {
		left, err := fold(p.conn)
		if err != nil {
			p.log.Warn("the write-ahead log was not folded", "error", err)
			return
		}
		if left <= nearlyDone {
			break
		}
	}
	finish := func() {
		if _, err := fold(p.writer); err != nil {
			p.log.Warn("the end of the write-ahead log was not folded", "error", err)
		}
	}
	select {
	case p.last <- finish:
	case <-p.stop:
	}
}

// fold copies what no reader needs any more from the log into the database, and tells how many pages are left.
func fold(c *conn) (left int64, err error) {
	answer, err := c.Query("PRAGMA wal_checkpoint(PASSIVE)")
	if err != nil {
		return 0, err
	}
	defer answer.Close()
	var busy, all, folded int64
	if !answer.Next() {
		return 0, errors.Join(errors.New("the checkpoint has no answer"), answer.Err())
	}
	if err := answer.Scan(&busy, &all, &folded); err != nil {
		return 0, err
	}
	return all - folded, nil
}

// close stops folding. The connection that closes last folds the rest.
func (p *checkpointer) close() error {
	close(p.stop)
	<-p.done
	return p.conn.close()
}
