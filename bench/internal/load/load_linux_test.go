package load

import (
	"context"
	"errors"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/bench/internal/check"
	"parley/bench/internal/limit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve runs the least server inside the test, where SIGUSR2 does nothing.
func serve(t *testing.T) (address string) {
	t.Helper()
	collect := make(chan os.Signal, 1)
	signal.Notify(collect, syscall.SIGUSR2)
	server, err := limit.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address, err = server.Address()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- server.Serve(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
		signal.Stop(collect)
	})
	return address
}

// specs are small runs of each kind.
func specs(address string) map[Kind]Spec {
	all := map[Kind]Spec{
		Flood:   {Clients: 20, Payload: 32, Window: 8},
		Rate:    {Clients: 20, Payload: 32, Rate: 500},
		Rooms:   {Clients: 20, Payload: 32, Rate: 500, Room: 5},
		Echo:    {Clients: 10, Payload: 32},
		Connect: {Payload: 32, Window: 8},
		Idle:    {Clients: 200, Payload: 32},
		Churn:   {Clients: 10, Payload: 32, Rate: 100, Visitors: 100},
	}
	for kind, spec := range all {
		spec.Kind, spec.Protocol, spec.Address, spec.PID = kind, "socketio", address, os.Getpid()
		spec.Silence = 500 * time.Millisecond
		if kind != Idle {
			spec.Warmup, spec.Measure = 100*time.Millisecond, 300*time.Millisecond
		}
		all[kind] = spec
	}
	return all
}

func TestRun_EveryKindAgainstAServerThatWorks(t *testing.T) {
	address := serve(t)
	for kind, spec := range specs(address) {
		t.Run(string(kind), func(t *testing.T) {
			result, err := Run(t.Context(), spec)
			if err != nil {
				t.Fatal(err)
			}
			if result.Units == 0 {
				t.Errorf("no work was done: %+v", result)
			}
			timed := kind == Rate || kind == Rooms || kind == Echo || kind == Churn || kind == Connect
			if timed && (result.P50 <= 0 || result.P99 < result.P50 || result.P99 > 10*time.Second) {
				t.Errorf("p50 %v, p99 %v", result.P50, result.P99)
			}
		})
	}
}

// A fixed rate means that rate, whatever the server does.
func TestRun_TheRateIsKept(t *testing.T) {
	spec := specs(serve(t))[Rate]
	spec.Measure = time.Second
	result, err := Run(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	if want := spec.Rate * float64(spec.Clients); result.PerSecond() < 0.5*want || result.PerSecond() > 1.5*want {
		t.Errorf("%.0f deliveries/s, want %.0f", result.PerSecond(), want)
	}
}

func TestRun_EverySeededFaultIsReported(t *testing.T) {
	for name, fault := range map[string]struct {
		tamper tamper
		want   error
	}{
		"lost":      {loseOne, check.ErrReordered},
		"all lost":  {loseRest, check.ErrLost},
		"doubled":   {doubleOne, check.ErrDoubled},
		"reordered": {swapTwo, check.ErrReordered},
		"damaged":   {damageOne, check.ErrContent},
	} {
		for _, kind := range []Kind{Flood, Rate, Rooms} {
			t.Run(string(kind)+" "+name, func(t *testing.T) {
				spec := specs(proxy(t, serve(t), fault.tamper))[kind]
				if _, err := Run(t.Context(), spec); !errors.Is(err, fault.want) {
					t.Errorf("%v, want %v", err, fault.want)
				}
			})
		}
	}
}

// The last message is the hard one: nothing comes after it that would show the gap or the copy.
func TestRun_ACopyOfTheLastMessageIsReported(t *testing.T) {
	spec := specs(proxy(t, serve(t), doubleAll))[Rate]
	spec.Warmup, spec.Measure, spec.Rate, spec.Clients = 0, 50*time.Millisecond, 1, 2
	if _, err := Run(t.Context(), spec); !errors.Is(err, check.ErrDoubled) {
		t.Error(err)
	}
}

func TestRun_AWrongAnswerToAnEchoIsReported(t *testing.T) {
	for name, fault := range map[string]tamper{"damaged": damageOne, "doubled": doubleOne} {
		spec := specs(proxy(t, serve(t), fault))[Echo]
		_, err := Run(t.Context(), spec)
		if !errors.Is(err, check.ErrContent) && !errors.Is(err, check.ErrDoubled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRun_AServerThatHangsUpIsReported(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	hungUp := make(chan struct{})
	go func() {
		defer close(hungUp)
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			_ = c.Close() // hanging up is the point
		}
	}()
	_, err = Run(t.Context(), specs(listener.Addr().String())[Rate])
	if !errors.Is(err, errLost) {
		t.Error(err)
	}
	if err := listener.Close(); err != nil {
		t.Error(err)
	}
	<-hungUp
}

func TestRun_NonsenseIsRefused(t *testing.T) {
	for name, spec := range map[string]Spec{
		"kind":     {Kind: "siesta", Protocol: "socketio", Address: "127.0.0.1:1"},
		"protocol": {Kind: Flood, Protocol: "smoke signals", Address: "127.0.0.1:1", Clients: 1},
		"address":  {Kind: Flood, Protocol: "socketio", Address: "localhost", Clients: 1},
		"rate":     {Kind: Rate, Protocol: "socketio", Address: "127.0.0.1:1", Clients: 1},
		"rooms":    {Kind: Rooms, Protocol: "centrifuge", Address: "127.0.0.1:1", Clients: 10, Room: 5, Rate: 1},
	} {
		_, err := Run(t.Context(), spec)
		if err == nil || strings.Contains(err.Error(), "connect:") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRun_EndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	spec := specs(serve(t))[Rate]
	spec.Measure = time.Hour
	if _, err := Run(ctx, spec); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}
