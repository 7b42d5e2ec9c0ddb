// Package examples_test runs what README.md and examples/ show against the real server.
package examples_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// patience bounds every wait: an interpreter may take seconds to start on a busy machine.
const patience = 60 * time.Second

func TestREADME_ThirtyLineClientsTalkToEachOther(t *testing.T) {
	server := startParley(t)
	js := writeClient(t, "chat.mjs", readmeBlock(t, "chat.mjs"))
	py := writeClient(t, "chat.py", readmeBlock(t, "chat.py"))
	ann := start(t, "node", js, "ann", "correct horse", server)
	bob := start(t, python(t), py, "bob", "battery staple", server)
	chen := start(t, "node", js, "chen", "paper clip box", server)
	for _, c := range []*client{ann, bob, chen} {
		c.await("You are ")
	}

	ann.say("hello from JavaScript")
	bob.await("ann: hello from JavaScript")
	chen.await("ann: hello from JavaScript")

	bob.say("@ann only for you")
	bob.say("hello from Python")
	ann.await("bob: only for you")
	ann.await("bob: hello from Python")
	chen.await("bob: hello from Python")
	if chen.saw("only for you") {
		t.Error("chen saw what bob wrote to ann alone")
	}
}

func TestREADME_ThirtyLineClientsSayThatThePasswordIsWrong(t *testing.T) {
	server := startParley(t)
	js := writeClient(t, "chat.mjs", readmeBlock(t, "chat.mjs"))
	py := writeClient(t, "chat.py", readmeBlock(t, "chat.py"))
	start(t, "node", js, "ann", "correct horse", server).await("You are ann.")
	start(t, "node", js, "ann", "wrong horse", server).await("Incorrect username or password")
	start(t, python(t), py, "ann", "wrong horse", server).await("Incorrect username or password")
}

func TestREADME_ClientsAreThirtyLinesLong(t *testing.T) {
	for _, name := range []string{"chat.mjs", "chat.py"} {
		if lines := strings.Count(readmeBlock(t, name), "\n"); lines > 32 {
			t.Errorf("%s has %d lines", name, lines)
		}
	}
}

func TestBotPython_AnswersPing(t *testing.T) {
	server := startParley(t)
	t.Setenv("PARLEY_PASSWORD", "a bot's password")
	start(t, python(t), "bot-python/bot.py", "pingbot", server).await("ready")
	ann := start(t, "node", writeClient(t, "chat.mjs", readmeBlock(t, "chat.mjs")), "ann", "correct horse", server)
	ann.await("You are ann.")
	ann.say("ping")
	ann.await("pingbot: pong")
	ann.say("@pingbot ping")
	ann.await("ann: ping")
	ann.await("pingbot: pong")
}

// startParley builds and starts the real server on an empty data directory and returns its address.
func startParley(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "parley")
	if out, err := exec.Command("go", "build", "-o", binary, "parley/cmd/parley").CombinedOutput(); err != nil {
		t.Fatalf("build parley: %v\n%s", err, out)
	}
	server := start(t, binary, "serve", "--listen", "127.0.0.1:0", "--data", t.TempDir())
	return strings.TrimPrefix(server.await("Parley is serving "), "Parley is serving ")
}

// readmeBlock returns the code block of README.md that stands below the comment <!-- name -->.
func readmeBlock(t *testing.T, name string) string {
	t.Helper()
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)<!-- " + regexp.QuoteMeta(name) + " -->\n```[a-z]+\n(.*?)```").FindSubmatch(readme)
	if block == nil {
		t.Fatalf("README.md has no code block named %s", name)
	}
	return string(block[1])
}

// writeClient puts a client where Node finds the packages of the web client's build.
func writeClient(t *testing.T, name, source string) string {
	t.Helper()
	modules, err := filepath.Abs("../web/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(modules, "socket.io-client")); err != nil {
		t.Fatalf("the web client's packages are missing (%v): run make test, or npm ci in web/", err)
	}
	dir := t.TempDir()
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// python finds an interpreter that has python-socketio: the one on the PATH or the distribution's.
func python(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(name, "-c", "import socketio, websocket, requests").Run() == nil {
			return name
		}
	}
	t.Fatal("python-socketio is missing: run make test, or apt-get install python3-socketio python3-websocket python3-requests")
	return ""
}

// A client is a started program whose lines can be awaited and that can be written to.
type client struct {
	t     *testing.T
	name  string
	stdin io.Writer
	lines chan string
	seen  []string
}

func start(t *testing.T, name string, args ...string) *client {
	t.Helper()
	cmd := exec.Command(name, args...)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = in, in
	if err := cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", name, err)
	}
	in.Close()
	c := &client{t: t, name: fmt.Sprint(filepath.Base(name), " ", strings.Join(args, " ")), stdin: stdin, lines: make(chan string, 1024)}
	read := make(chan struct{})
	go func() {
		defer close(read)
		defer close(c.lines)
		for scanner := bufio.NewScanner(out); scanner.Scan(); {
			c.lines <- scanner.Text()
		}
	}()
	t.Cleanup(func() {
		cmd.Process.Kill()
		<-read
		cmd.Wait()
		out.Close()
	})
	return c
}

func (c *client) say(line string) {
	if _, err := fmt.Fprintln(c.stdin, line); err != nil {
		c.t.Fatalf("%s: %v", c.name, err)
	}
}

// await returns the next line that contains text.
func (c *client) await(text string) string {
	c.t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case line, open := <-c.lines:
			if !open {
				c.t.Fatalf("%s ended without printing %q; it printed %q", c.name, text, c.seen)
			}
			c.seen = append(c.seen, line)
			if strings.Contains(line, text) {
				return line
			}
		case <-deadline:
			c.t.Fatalf("%s did not print %q within %v; it printed %q", c.name, text, patience, c.seen)
		}
	}
}

func (c *client) saw(text string) bool {
	return strings.Contains(strings.Join(c.seen, "\n"), text)
}
