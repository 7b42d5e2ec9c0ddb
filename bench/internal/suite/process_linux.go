package suite

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"parley/bench/internal/load"
	"parley/bench/internal/proc"
)

const (
	startTime = 15 * time.Second // for a server to accept connections
	stopTime  = 5 * time.Second  // for it to end before it is killed
)

// process is a server that runs.
type process struct {
	cmd     *exec.Cmd
	address string
	said    *tail
	ended   chan struct{} // closed when it has ended
}

// start starts a server on one processor and waits until it accepts connections.
func start(ctx context.Context, command []string, cpu int) (*process, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	said := &tail{}
	cmd := exec.Command(command[0], append(command[1:len(command):len(command)], "--listen", address)...)
	cmd.Stdout, cmd.Stderr = said, said
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := proc.StartOn(cpu, cmd); err != nil {
		return nil, fmt.Errorf("start %s: %w", command[0], err)
	}
	p := &process{cmd: cmd, address: address, said: said, ended: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // how a server ends says nothing; that it ended early is noticed by its clients
		close(p.ended)
	}()
	if err := p.accepting(ctx); err != nil {
		p.stop()
		return nil, fmt.Errorf("%s: %w: %s", command[0], err, said)
	}
	return p, nil
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return listener.Addr().String(), listener.Close()
}

func (p *process) accepting(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		c, err := net.Dial("tcp4", p.address)
		if err == nil {
			return c.Close()
		}
		select {
		case <-p.ended:
			return errors.New("ended at once")
		case <-ctx.Done():
			return fmt.Errorf("does not listen: %w", ctx.Err())
		case <-again.C:
		}
	}
}

// stop ends the server, by force if it takes its time.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
	select {
	case <-p.ended:
	case <-time.After(stopTime):
		_ = p.cmd.Process.Kill() // it may have ended by now
		<-p.ended
	}
}

// tail keeps the end of what a process prints.
type tail struct {
	mu   sync.Mutex // guards text
	text []byte
}

func (t *tail) Write(b []byte) (int, error) {
	const most = 2000
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	t.text = t.text[max(0, len(t.text)-most):]
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.text))
}

// report is what a generator's process prints.
type report struct {
	Result   load.Result
	Problem  string // why the run says nothing, if it does not
	Overload bool   // whether the server was only too slow
}

// Generate is the generator's process: it reads a load.Spec as JSON, carries it out and writes a report.
func Generate(ctx context.Context, in io.Reader, out io.Writer) error {
	var spec load.Spec
	if err := json.NewDecoder(in).Decode(&spec); err != nil {
		return fmt.Errorf("read what to do: %w", err)
	}
	var r report
	var err error
	if r.Result, err = load.Run(ctx, spec); err != nil {
		r.Problem, r.Overload = err.Error(), errors.Is(err, load.ErrOverload)
	}
	return json.NewEncoder(out).Encode(r)
}

// generate runs a Spec in a process of its own, on one processor.
func generate(ctx context.Context, command []string, cpu int, spec load.Spec) (load.Result, error) {
	order, err := json.Marshal(spec)
	if err != nil {
		return load.Result{}, err
	}
	var out bytes.Buffer
	said := &tail{}
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(order), &out, said
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := proc.StartOn(cpu, cmd); err != nil {
		return load.Result{}, fmt.Errorf("start the load generator: %w", err)
	}
	if err := cmd.Wait(); err != nil {
		return load.Result{}, fmt.Errorf("load generator: %w: %s", err, said)
	}
	var r report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		return load.Result{}, fmt.Errorf("read what the load generator says: %w", err)
	}
	if r.Problem != "" {
		return load.Result{}, errors.New(r.Problem)
	}
	return r.Result, nil
}
