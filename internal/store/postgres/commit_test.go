package postgres_test

import (
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"parley/internal/chat"
	"parley/internal/store/postgres"
	"parley/internal/store/postgres/pgtest"
)

// What the proxy does to the next thing that a client sends.
const (
	pass           int32 = iota
	dropRequest          // cut the connection before the server sees it
	dropAnswer           // let the server work, and cut the connection in the place of its answer
	dropThisAnswer       // the server is at it
)

// proxy is between a store and its server, on a socket.
type proxy struct {
	server string // path of the server's socket
	next   atomic.Int32
	all    sync.WaitGroup
}

// startProxy gives the URL of the database through the proxy.
func startProxy(t *testing.T, database string) (*proxy, string) {
	t.Helper()
	const socket = ".s.PGSQL.5432"
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "px")
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", filepath.Join(dir, socket))
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{server: filepath.Join(u.Query().Get("host"), socket)}
	p.all.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			p.all.Go(func() { p.carry(client) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		p.all.Wait()
		os.RemoveAll(dir)
	})
	u.RawQuery = url.Values{"host": {dir}}.Encode()
	return p, u.String()
}

// carry is the life of one connection.
func (p *proxy) carry(client net.Conn) {
	server, err := net.Dial("unix", p.server)
	if err != nil {
		client.Close()
		return
	}
	cut := func() {
		client.Close()
		server.Close()
	}
	var both sync.WaitGroup
	both.Go(func() {
		defer cut()
		pump(server, client, p.mayAsk)
	})
	both.Go(func() {
		defer cut()
		pump(client, server, p.mayAnswer)
	})
	both.Wait()
}

func (p *proxy) mayAsk() bool {
	p.next.CompareAndSwap(dropAnswer, dropThisAnswer)
	return !p.next.CompareAndSwap(dropRequest, pass)
}

func (p *proxy) mayAnswer() bool { return !p.next.CompareAndSwap(dropThisAnswer, pass) }

// pump copies until an end or until it may not.
func pump(to io.Writer, from io.Reader, may func() bool) {
	chunk := make([]byte, 1<<16)
	for {
		n, err := from.Read(chunk)
		if err != nil || !may() {
			return
		}
		if _, err := to.Write(chunk[:n]); err != nil {
			return
		}
	}
}

func TestCommit_WhoseAnswerIsLostIsLookedUp(t *testing.T) {
	server := pgtest.Start(t)
	p, address := startProxy(t, server.Database())
	store, err := postgres.Open(t.Context(), address, &postgres.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	write := func(key string, then int32) (told bool, err error) {
		err = store.Update(t.Context(), func(tx chat.Tx) error {
			tx.AfterCommit(func() { told = true })
			err := tx.SetSetting(key, "value")
			p.next.Store(then) // what is sent next is the commit
			return err
		})
		flush(t, store)
		return told, err
	}
	if told, err := write("a", pass); !told || err != nil {
		t.Fatalf("told %v, %v", told, err)
	}
	if told, err := write("b", dropAnswer); !told || err != nil {
		t.Errorf("a commit whose answer is lost: told %v, %v", told, err)
	}
	if told, err := write("c", dropRequest); told || chat.CodeOf(err) != chat.Unavailable {
		t.Errorf("a commit that does not arrive: told %v, %v", told, err)
	}
	if err := store.Health(); err != nil {
		t.Error(err)
	}
	err = store.View(t.Context(), func(tx chat.Tx) error {
		_, err := tx.Setting("b")
		if _, missing := tx.Setting("c"); missing == nil {
			t.Error("what was refused is there")
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// flush waits until everything registered so far with AfterCommit has run.
func flush(t *testing.T, store chat.Store) {
	t.Helper()
	done := make(chan struct{})
	await(t, "the store takes writes", func() bool {
		return store.Update(t.Context(), func(tx chat.Tx) error {
			tx.AfterCommit(func() { close(done) })
			return tx.SetSetting("flush", "")
		}) == nil
	})
	<-done
}
