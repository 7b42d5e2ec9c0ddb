package reactor

import (
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"
)

// alarm is an owner that notes when it expired.
type alarm struct {
	Timer
	fired func()
}

func (a *alarm) Expire() { a.fired() }

func TestTimers_EveryOwnerIsCalledAtItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		timers := NewTimers()
		defer timers.Shutdown()
		start := time.Now()
		random := rand.New(rand.NewPCG(1, 2))
		fired := 0
		for range 1000 {
			after := time.Duration(1+random.IntN(60_000)) * time.Millisecond
			a := new(alarm)
			a.fired = func() {
				fired++
				if got := time.Since(start); got != after {
					t.Errorf("expired after %v instead of %v", got, after)
				}
			}
			timers.Set(&a.Timer, time.Duration(random.IntN(60))*time.Second, a)
			timers.Set(&a.Timer, after, a)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if fired != 1000 {
			t.Errorf("%d of 1000 expired", fired)
		}
	})
}

func TestTimers_StoppedOnesAreNotCalled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		timers := NewTimers()
		defer timers.Shutdown()
		fired := make(map[int]bool)
		alarms := make([]*alarm, 5000)
		for i := range alarms {
			alarms[i] = &alarm{fired: func() { fired[i] = true }}
			timers.Set(&alarms[i].Timer, time.Duration(1+i%10)*time.Second, alarms[i])
		}
		for i, a := range alarms {
			if i%50 != 0 {
				timers.Stop(&a.Timer)
			}
			if got, want := timers.Pending(&a.Timer), i%50 == 0; got != want {
				t.Fatalf("alarm %d is pending: %v", i, got)
			}
		}
		timers.mu.Lock()
		room := cap(timers.heap)
		timers.mu.Unlock()
		if room > minHeap {
			t.Errorf("room for %d deadlines is kept for 100", room)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(fired) != 100 {
			t.Errorf("%d expired, want 100", len(fired))
		}
		for i := range fired {
			if i%50 != 0 {
				t.Errorf("alarm %d was stopped and expired", i)
			}
		}
	})
}

func TestTimers_AnOwnerMaySetItsTimerAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		timers := NewTimers()
		defer timers.Shutdown()
		start, times := time.Now(), 0
		a := new(alarm)
		a.fired = func() {
			if times++; times < 10 {
				timers.Set(&a.Timer, 5*time.Millisecond, a)
			}
		}
		timers.Set(&a.Timer, 5*time.Millisecond, a)
		time.Sleep(time.Second)
		synctest.Wait()
		if times != 10 {
			t.Errorf("expired %d times in %v", times, time.Since(start))
		}
	})
}

func TestTimers_NothingExpiresAfterShutdown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		timers := NewTimers()
		a := &alarm{fired: func() { t.Error("expired") }}
		timers.Set(&a.Timer, time.Second, a)
		timers.Shutdown()
		timers.Set(&a.Timer, time.Second, a)
		timers.Stop(&a.Timer)
		time.Sleep(time.Minute)
	})
}

func BenchmarkTimers_SetAgain(b *testing.B) {
	timers := NewTimers()
	defer timers.Shutdown()
	alarms := make([]alarm, 20_000)
	for i := range alarms {
		timers.Set(&alarms[i].Timer, time.Hour+time.Duration(i)*time.Millisecond, &alarms[i])
	}
	i := 0
	for b.Loop() {
		a := &alarms[i%len(alarms)]
		timers.Set(&a.Timer, time.Hour, a)
		i++
	}
}
