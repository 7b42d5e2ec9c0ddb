package adminui

import (
	"context"
	"os"
	"time"

	"parley/socketio"
	"parley/socketio/engineio"
)

// forgotten is the number of reports that another server may not ask for before
// nobody is taken to watch there.
const forgotten = 3

// arrive counts a page. The first one starts the reports.
func (a *admin) arrive() {
	a.mu.Lock()
	defer a.mu.Unlock()
	first := !a.watched()
	a.watchers++
	if first {
		a.begin()
	}
	if a.watchers == 1 {
		a.timer = time.AfterFunc(a.opts.Interval, a.beat)
	}
}

// leave undoes one arrive.
func (a *admin) leave() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.watchers--
	if a.watchers == 0 {
		a.timer.Stop()
	}
}

// watched reports whether anybody watches. a.mu is held.
func (a *admin) watched() bool { return a.watchers > 0 || time.Now().Before(a.until) }

// isWatched is watched for who does not hold a.mu.
func (a *admin) isWatched() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.watched()
}

// begin forgets what was before somebody watched. a.mu is held.
func (a *admin) begin() {
	a.count()
	a.reported = time.Now()
	clear(a.known)
}

// beat reports to the pages and has the other servers report too.
func (a *admin) beat() {
	a.mu.Lock()
	if a.watchers == 0 {
		a.mu.Unlock()
		return
	}
	a.timer.Reset(a.opts.Interval)
	a.mu.Unlock()
	a.report()
	if err := a.ns.ServerSideEmit(eventWatch); err != nil {
		a.opts.Logger.Warn("other servers were not asked to report", "error", err)
	}
}

// watchedElsewhere is told, as long as a page is connected to another server.
// With several of those it still reports once in an interval.
func (a *admin) watchedElsewhere(context.Context, *socketio.ServerEvent) error {
	a.mu.Lock()
	first := !a.watched()
	if first {
		a.begin()
	}
	a.until = time.Now().Add(forgotten * a.opts.Interval)
	early := !first && time.Since(a.reported) < a.opts.Interval/2
	a.mu.Unlock()
	if !early {
		a.report()
	}
	return nil
}

// report sends the figures, and what has changed of the sockets.
func (a *admin) report() {
	a.mu.Lock()
	a.reported = time.Now()
	happened := a.count()
	a.mu.Unlock()
	a.publish(eventStats, a.stats(happened))
	if a.opts.Development {
		a.tellChanges()
	}
}

func (a *admin) stats(happened []aggregate) serverStats {
	s := serverStats{
		ServerID: a.opts.ServerID, Hostname: a.host, PID: os.Getpid(), Uptime: time.Since(a.began).Seconds(),
		Clients: a.io.Engine().Len(), Polling: a.io.Engine().Transports()[engineio.TransportPolling], Events: happened,
	}
	if happened == nil {
		s.Events = []aggregate{}
	}
	for n := range a.io.Namespaces() {
		s.Namespaces = append(s.Namespaces, namespaceStats{n.Name(), n.Len()})
	}
	return s
}

// count returns how many sessions have begun and ended since it was called
// last. a.mu is held.
func (a *admin) count() []aggregate {
	const second = 1000
	ended := a.io.Engine().Closed()
	opened := a.io.Engine().Len()
	for _, n := range ended {
		opened += n
	}
	at := time.Now().UnixMilli() / second * second
	var list []aggregate
	if n := opened - a.opened; n > 0 {
		list = append(list, aggregate{Timestamp: at, Type: "rawConnection", Count: n})
	}
	for reason, total := range ended {
		if n := total - a.counted[reason]; n > 0 {
			list = append(list, aggregate{Timestamp: at, Type: "rawDisconnection", SubType: string(reason), Count: n})
		}
	}
	a.opened, a.counted = max(a.opened, opened), ended
	return list
}
