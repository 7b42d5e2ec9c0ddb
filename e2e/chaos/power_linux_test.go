package main

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/e2e/chaos/internal/history"
)

// Whoever may not mount disks here is told so: on such a machine this test proves that the reason is a real one.
func TestPower_WhatWasAcknowledgedIsThereAfterThePowerWasCut(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		binary string
		env    []string
		want   []history.Rule
	}{
		"as it is released":                {binary, nil, nil},
		"a database that does not flush":   {faultyBinary, []string{"PARLEY_FAULT=flush-less,unverified"}, []history.Rule{history.Lost}},
		"a faulty build without its fault": {faultyBinary, nil, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d, err := newDisk(t.Context(), t.TempDir())
			if errors.Is(err, errNoDisk) {
				t.Logf("NOT TESTED: %v", err)
				if canMount() {
					t.Error("but root with loop devices and ext4 can")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := d.remove(); err != nil {
					t.Error(err)
				}
			})
			lose(t, d, plan{binary: test.binary, env: test.env, data: d.mount + "/data", eyes: closed, log: t.Output()}, test.want)
		})
	}
}

// canMount tells whether a machine has what a disk needs.
func canMount() bool {
	_, err := os.Stat("/dev/loop-control")
	filesystems, readErr := os.ReadFile("/proc/filesystems")
	return os.Geteuid() == 0 && err == nil && readErr == nil && strings.Contains(string(filesystems), "\text4\n")
}

func lose(t *testing.T, d *disk, p plan, want []history.Rule) {
	w, err := newWorld(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	closed := false
	defer func() {
		if !closed {
			_ = w.close() // the test has failed already
		}
	}()
	w.load(t.Context())
	uploads := startUploads(w)
	await(t, "hundreds of answers", func() bool { return w.record.Count(history.Acked) > 300 && uploads.count.Load() > 20 })
	// The processor loses its power too: a flush that is under way while the disk goes may still succeed, but nobody
	// must be told.
	if err := w.server.Pause(); err != nil {
		t.Fatal(err)
	}
	if err := d.cutPower(); err != nil {
		t.Fatal(err)
	}
	if err := w.server.Kill(); err != nil {
		t.Fatal(err)
	}
	acked := w.record.Count(history.Acked)
	if err := d.powerOn(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if lost := uploads.lost(t, w); lost > 0 && len(want) == 0 {
		t.Errorf("%d of %d files that were taken are not there", lost, uploads.count.Load())
	}
	await(t, "answers again", func() bool { return w.record.Count(history.Acked) > acked+20 })
	w.lastSends.Clear() // what was lost would only be stored anew
	found, err := w.settle(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := history.Rules(found); !slices.Equal(got, want) {
		t.Errorf("found %v, want %v: %v", got, want, found[:min(len(found), 10)])
	}
	t.Logf("%d acknowledged before, %d violations", acked, len(found))
	closed = true
	if err := w.close(); err != nil {
		t.Error(err)
	}
}

// await waits for what becomes true by itself.
func await(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it did not come true: %s", what)
		}
	}
}
