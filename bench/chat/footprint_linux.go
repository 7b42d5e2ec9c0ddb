package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"time"

	"parley/e2e/stage"
)

// footprint is what Parley is before anybody comes.
func (b *bench) footprint(ctx context.Context) error {
	t, err := b.settle(ctx, "footprint", stage.Plan{People: 1})
	if err != nil {
		return err
	}
	defer t.leave()
	idle, err := t.settled()
	if err != nil {
		return err
	}
	b.report("idle process", "≤ 40 MB", "%.1f MB", megabytes(idle))
	const starts = 9
	var took []time.Duration
	for range starts {
		if err := t.server.Stop(); err != nil {
			return err
		}
		one, err := t.server.Start(ctx)
		if err != nil {
			return err
		}
		took = append(took, one)
	}
	slices.Sort(took)
	b.report("cold start", "≤ 150 ms", "%v median, %v longest", took[starts/2].Round(time.Millisecond), took[starts-1].Round(time.Millisecond))
	flush, err := b.flush()
	if err != nil {
		return err
	}
	b.report("a flush of this disk, beside which to read the rest", "", "%v median", flush.Round(10*time.Microsecond))
	binary, err := os.Stat(b.binary)
	if err != nil {
		return err
	}
	b.report("binary, as built here", "≤ 35 MB", "%.1f MB", megabytes(binary.Size()))
	return nil
}

// flush is how long the disk takes to keep a page.
func (b *bench) flush() (time.Duration, error) {
	const pages, size = 101, 4096
	file, err := os.Create(filepath.Join(b.dir, "flush"))
	if err != nil {
		return 0, err
	}
	defer file.Close()
	var took []time.Duration
	for range pages {
		began := time.Now()
		if _, err := file.Write(make([]byte, size)); err != nil {
			return 0, err
		}
		if err := file.Sync(); err != nil {
			return 0, err
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return took[pages/2], nil
}

func megabytes(bytes int64) float64 { return float64(bytes) / 1e6 }
