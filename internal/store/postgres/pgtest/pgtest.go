// Package pgtest runs a PostgreSQL of their own for tests: found on this machine or, on Debian and its kin, installed.
package pgtest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// patience is how long a server may take to start.
const patience = time.Minute

// Server is a PostgreSQL that listens on a socket in a temporary directory. Its user is "parley", without a password.
type Server struct {
	tb     testing.TB
	bin    string // directory of the programs
	dir    string
	as     *account
	log    *bytes.Buffer
	cmd    *exec.Cmd
	leash  io.Closer // the server dies when this is closed, so also when the test process dies
	create int       // databases made
}

// Start makes a server that ends with the test. It never skips: where there is no PostgreSQL and none can be installed, the test
// fails and says what to do. Settings are further ones of postgresql.conf, such as "shared_buffers=512MB".
func Start(tb testing.TB, settings ...string) *Server {
	tb.Helper()
	bin, err := programs()
	if err != nil {
		tb.Fatal(err)
	}
	as, err := serverAccount()
	if err != nil {
		tb.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "pg") // a short path: that of a socket has at most 107 bytes
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { os.RemoveAll(dir) })
	s := &Server{tb: tb, bin: bin, dir: dir, as: as}
	if err := as.own(dir); err != nil {
		tb.Fatal(err)
	}
	initdb := s.command("initdb", "--pgdata="+s.data(), "--username=parley", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
	if out, err := initdb.CombinedOutput(); err != nil {
		tb.Fatalf("initdb: %v\n%s", err, out)
	}
	conf := append([]string{"listen_addresses=''", "unix_socket_directories='" + dir + "'"}, settings...)
	if err := appendTo(filepath.Join(s.data(), "postgresql.conf"), strings.Join(conf, "\n")+"\n"); err != nil {
		tb.Fatal(err)
	}
	s.Run()
	tb.Cleanup(s.Stop)
	return s
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

func (s *Server) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(s.bin, program), args...)
	cmd.Dir = s.dir
	s.as.run(cmd)
	return cmd
}

// Run starts the server after Stop and waits until it answers.
func (s *Server) Run() {
	s.tb.Helper()
	s.log = new(bytes.Buffer)
	// A shell holds the leash: when its input ends, the server is told to end at once (SIGQUIT, "immediate").
	s.cmd = exec.Command("/bin/sh", "-c", `"$@" </dev/null & pid=$!; cat >/dev/null; kill -QUIT $pid; wait $pid`, "sh",
		filepath.Join(s.bin, "postgres"), "-D", s.data())
	s.cmd.Dir, s.cmd.Stdout, s.cmd.Stderr = s.dir, s.log, s.log
	s.as.run(s.cmd)
	leash, err := s.cmd.StdinPipe()
	if err == nil {
		s.leash = leash
		err = s.cmd.Start()
	}
	if err != nil {
		s.tb.Fatalf("start PostgreSQL: %v", err)
	}
	s.await()
}

func (s *Server) await() {
	s.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		conn, err := pgconn.Connect(ctx, s.URL("postgres"))
		if err == nil {
			_ = conn.Close(ctx)
			return
		}
		select {
		case <-ctx.Done():
			s.Stop()
			s.tb.Fatalf("PostgreSQL does not answer: %v\n%s", err, s.log)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Stop ends the server as "pg_ctl stop -m immediate" does: without a word to those connected, and with a recovery at the
// next start. It may be called twice.
func (s *Server) Stop() {
	if s.cmd == nil {
		return
	}
	_ = s.leash.Close()
	_ = s.cmd.Wait() // it ends by a signal
	s.cmd = nil
}

// Database makes an empty database and is its URL.
func (s *Server) Database() string {
	s.tb.Helper()
	s.create++
	name := fmt.Sprintf("parley%d", s.create)
	s.Exec("postgres", "CREATE DATABASE "+name)
	return s.URL(name)
}

// Exec runs statements in a database, as an operator would.
func (s *Server) Exec(database, statements string) {
	s.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgconn.Connect(ctx, s.URL(database))
	if err != nil {
		s.tb.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statements).ReadAll(); err != nil {
		s.tb.Fatalf("%s: %v", statements, err)
	}
}

// URL is the address of a database.
func (s *Server) URL(database string) string {
	return "postgres://parley@/" + database + "?host=" + url.QueryEscape(s.dir)
}

func appendTo(path, text string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	if _, err := file.WriteString(text); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}
