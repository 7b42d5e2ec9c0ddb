package main

import (
	"context"
	"testing"
	"time"

	"parley/e2e/chaos/internal/history"
	"parley/internal/store/postgres/pgtest"
)

func TestPostgres_EndedWithoutAWordAndStartedAgainBreaksNoPromise(t *testing.T) {
	t.Parallel()
	const rounds, promised = 4, 5 * time.Second // from a database that answers until messages are acknowledged
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	db := pgtest.Start(t)
	p := plan{binary: binary, data: t.TempDir(), database: db.Database(), seed: 1, guests: 1, log: t.Output()}
	w, err := newWorld(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	w.load(ctx)
	n := newNemesis(w)
	for range rounds {
		if err := n.underLoad(ctx); err != nil {
			t.Fatal(err)
		}
		db.Stop()
		db.Run()
		began, before := time.Now(), w.record.Count(history.Acked)
		for w.record.Count(history.Acked) == before {
			if time.Since(began) > promised {
				t.Fatalf("nothing was acknowledged for %v after the database was back\n%s", promised, w.server.Log())
			}
			time.Sleep(5 * time.Millisecond)
		}
		t.Logf("acknowledged again after %v", time.Since(began).Round(time.Millisecond))
	}
	if err := n.underLoad(ctx); err != nil {
		t.Fatal(err)
	}
	if err := n.kill(ctx); err != nil {
		t.Fatal(err)
	}
	if err := n.underLoad(ctx); err != nil {
		t.Fatal(err)
	}
	found, err := w.settle(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(n.summary())
	if len(found) > 0 {
		t.Errorf("%d violations, such as %v", len(found), found[0])
	}
}
