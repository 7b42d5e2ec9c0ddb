package auth_test

import (
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/auth"
)

func TestBuckets_GiveABurstAndThenOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := auth.NewBuckets[string](auth.Rate{Every: time.Second, Burst: 3}, 10)
		for range 3 {
			if retry := b.Take("ann"); retry != 0 {
				t.Fatalf("refused within the burst, retry %v", retry)
			}
		}
		if retry := b.Take("ann"); retry != time.Second {
			t.Errorf("retry %v, want 1s", retry)
		}
		if retry := b.Take("bob"); retry != 0 {
			t.Errorf("another key was refused, retry %v", retry)
		}
		time.Sleep(time.Second)
		if b.Take("ann") != 0 || b.Take("ann") == 0 {
			t.Error("after a second there should be one token, not more")
		}
	})
}

func TestBuckets_ARefusalCostsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := auth.NewBuckets[string](auth.Rate{Every: time.Second, Burst: 1}, 10)
		b.Take("ann")
		for range 100 {
			b.Take("ann")
		}
		time.Sleep(time.Second)
		if retry := b.Take("ann"); retry != 0 {
			t.Errorf("retry %v", retry)
		}
	})
}

func TestBuckets_WhatIsReturnedCanBeTakenAgain(t *testing.T) {
	b := auth.NewBuckets[string](auth.Rate{Every: time.Second, Burst: 2}, 10)
	b.Take("ann")
	b.Take("ann")
	b.Return("ann")
	if b.Take("ann") != 0 || b.Take("ann") == 0 {
		t.Error("one token should be back")
	}
	b.Return("nobody")
}

func TestBuckets_RememberNoMoreKeysThanTheyMay(t *testing.T) {
	b := auth.NewBuckets[int](auth.Rate{Every: 1000 * time.Second, Burst: 1}, 100)
	for key := range 10_000 {
		b.Take(key)
	}
	remembered := 0
	for key := range 10_000 {
		if b.Take(key) > 0 {
			remembered++
		}
	}
	if remembered > 100 {
		t.Errorf("%d keys", remembered)
	}
}
