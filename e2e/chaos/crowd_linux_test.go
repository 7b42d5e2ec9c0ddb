package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"testing"
	"time"

	"parley/e2e/chaos/internal/crowd"
	"parley/e2e/stage"
)

// gathering is a server with crowds around it.
type gathering struct {
	server *stage.Server
	town   stage.Town
	crowds []*crowd.Crowd
}

// gather connects people from processes of their own.
func gather(t *testing.T, people, processes int, backoff time.Duration) *gathering {
	t.Helper()
	g := &gathering{server: &stage.Server{Binary: binary, Data: t.TempDir(), Args: serveFlags}}
	var err error
	if g.town, err = (stage.Plan{People: people}).Build(t.Context(), g.server.Data); err != nil {
		t.Fatal(err)
	}
	if _, err := g.server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, c := range g.crowds {
			if err := c.Stop(); err != nil {
				t.Error(err)
			}
		}
		if err := g.server.Kill(); err != nil {
			t.Error(err)
		}
	})
	tokens := make([][]string, processes)
	for i, citizen := range g.town.People {
		tokens[i%processes] = append(tokens[i%processes], citizen.Token)
	}
	for _, some := range tokens {
		c, err := crowd.Start(harness, g.server.URL(), some, backoff)
		if err != nil {
			t.Fatal(err)
		}
		g.crowds = append(g.crowds, c)
	}
	g.await(t, "all are here", func() bool { return g.online() == people })
	return g
}

func (g *gathering) online() (n int) {
	for _, c := range g.crowds {
		n += c.State().Online
	}
	return n
}

// all adds up what the crowds say.
func (g *gathering) all() (sum crowd.State) {
	for _, c := range g.crowds {
		one := c.State()
		sum.Back += one.Back
		sum.Told += one.Told
		sum.Densest += one.Densest
	}
	return sum
}

// await is for what takes thousands of people some time.
func (g *gathering) await(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(3 * time.Minute); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it did not come true: %s (%d online, %d back)\n%s", what, g.online(), g.all().Back, g.server.Log())
		}
	}
}

// sockets is how many sockets the server has open.
func (g *gathering) sockets(t *testing.T) (n int) {
	t.Helper()
	dir := fmt.Sprintf("/proc/%d/fd", g.server.PID())
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if to, err := os.Readlink(dir + "/" + entry.Name()); err == nil && len(to) > 7 && to[:7] == "socket:" {
			n++
		}
	}
	return n
}

func TestStorm_TenThousandComeBackAndWhoLogsInMeanwhileIsServed(t *testing.T) {
	const people, processes = 10_000, 4
	g := gather(t, people, processes, 5*time.Second)
	ctx := t.Context() // of both: a server lives as long as the context that it was started with
	t.Run("after a crash", func(t *testing.T) {
		if err := g.server.Kill(); err != nil {
			t.Fatal(err)
		}
		g.comeBack(ctx, t, people)
		if told := g.all().Told; told > 0 {
			t.Errorf("%d were told when to come back by a server that crashed", told)
		}
	})
	t.Run("after a planned stop, spread over seconds", func(t *testing.T) {
		const most = people / 4 // the server gives each a millisecond of their own
		if err := g.server.Stop(); err != nil {
			t.Fatal(err)
		}
		g.comeBack(ctx, t, people)
		s := g.all()
		if t.Logf("at most %d were told to come back within a second", s.Densest); s.Told != people || s.Densest > most {
			t.Errorf("%d were told, up to %d of them within one second; wanted at most %d", s.Told, s.Densest, most)
		}
	})
	for _, complaint := range g.server.Complaints() {
		t.Errorf("the server logged: %s", complaint)
	}
}

// comeBack starts the server again and waits until everybody is there, while others ask for its health and log in.
func (g *gathering) comeBack(ctx context.Context, t *testing.T, people int) {
	const patience = 30 * time.Second
	g.await(t, "all have noticed", func() bool { return g.online() == 0 })
	if _, err := g.server.Start(ctx); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	var slowestHealth, slowestLogin time.Duration
	logins := 0
	for g.online() < people {
		slowestHealth = max(slowestHealth, timed(t, patience, http.MethodGet, g.server.URL()+"/healthz", nil))
		citizen := g.town.People[logins]
		slowestLogin = max(slowestLogin, timed(t, patience, http.MethodPost, g.server.URL()+"/api/v1/login",
			map[string]string{"name": citizen.Name, "password": citizen.Password}))
		if logins++; time.Since(began) > 3*time.Minute {
			t.Fatalf("only %d came back\n%s", g.online(), g.server.Log())
		}
		time.Sleep(250 * time.Millisecond) // as people log in one after the other
	}
	t.Logf("%d people were back after %v; meanwhile %d logins, the slowest %v; the slowest health %v", people,
		time.Since(began).Round(time.Millisecond), logins, slowestLogin.Round(time.Millisecond), slowestHealth.Round(time.Millisecond))
	for _, c := range g.crowds {
		s := c.State()
		t.Logf("away: median %v, 99 of 100 at most %v", s.P50.Round(time.Millisecond), s.P99.Round(time.Millisecond))
	}
}

// timed makes a request that must be answered well in time.
func timed(t *testing.T, patience time.Duration, method, url string, body any) time.Duration {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var payload bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&payload).Encode(body); err != nil {
			t.Fatal(err)
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, url, &payload)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	began := time.Now()
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s answers %s", url, response.Status)
	}
	return time.Since(began)
}

// A machine that loses its power says nothing: only the heartbeat finds out.
func TestHalfOpen_ClientsThatFellSilentAreClosedAndCostNothing(t *testing.T) {
	t.Parallel()
	const people, growth = 200, 8 << 20
	g := gather(t, people, 1, time.Second)
	before := memoryOf(t, g.server.PID())
	if open := g.sockets(t); open < people {
		t.Fatalf("%d sockets for %d people", open, people)
	}
	if err := g.crowds[0].Freeze(); err != nil {
		t.Fatal(err)
	}
	g.await(t, "the silent are closed", func() bool { return g.sockets(t) < people/10 })
	if after := memoryOf(t, g.server.PID()); after > before+growth {
		t.Errorf("memory grew from %d to %d bytes", before, after)
	}
}

// memoryOf is the resident set of a process in bytes.
func memoryOf(t *testing.T, pid int) (bytes int64) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		t.Fatal(err)
	}
	var size, resident int64
	if _, err := fmt.Sscan(string(status), &size, &resident); err != nil {
		t.Fatal(err)
	}
	return resident * int64(os.Getpagesize())
}
