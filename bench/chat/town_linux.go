package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"parley/bench/internal/proc"
	"parley/e2e/stage"
)

// town is a server that serves people of whom some are connected.
type town struct {
	stage.Town
	server  *stage.Server
	clients []*client
}

// settle builds a town in a fresh directory and starts its server on the processors that it may use.
func (b *bench) settle(ctx context.Context, name string, plan stage.Plan) (*town, error) {
	dir := filepath.Join(b.dir, name)
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	people, err := plan.Build(ctx, dir)
	if err != nil {
		return nil, fmt.Errorf("build a town: %w", err)
	}
	t := &town{Town: people, server: &stage.Server{
		Binary: b.binary, Under: []string{"taskset", "-c", b.cpus}, Data: dir,
		Args: []string{"--sends-per-second=1000000", "--send-burst=1000000", "--sockets-per-address=100000", "--log-level=error"},
	}}
	_, err = t.server.Start(ctx)
	return t, err
}

// come connects a person, who hands on what they are told.
func (t *town) come(ctx context.Context, who int, take func(text []byte)) (*client, error) {
	c, err := connect(ctx, t.server.Address(), t.People[who].Token, take)
	if err != nil {
		return nil, fmt.Errorf("person %d: %w", who, err)
	}
	t.clients = append(t.clients, c)
	go c.listen() // ends with the connection, which leave closes
	return c, nil
}

// comeAll connects everybody.
func (t *town) comeAll(ctx context.Context, take func(text []byte)) error {
	for i := range t.People {
		if _, err := t.come(ctx, i, take); err != nil {
			return err
		}
	}
	return nil
}

// leave ends everything.
func (t *town) leave() error {
	for _, c := range t.clients {
		c.conn.Close()
	}
	return t.server.Kill()
}

// settled is the server's memory once two readings, a second apart, agree to half a percent, or after a while.
func (t *town) settled() (int64, error) {
	const most = 20
	last := int64(0)
	for range most {
		memory, err := proc.Memory(t.server.PID())
		if err != nil {
			return 0, err
		}
		if difference := memory - last; max(difference, -difference)*200 < memory {
			return memory, nil
		}
		last = memory
		time.Sleep(time.Second)
	}
	return last, nil
}

// numbers are 0 to n-1.
func numbers(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}
