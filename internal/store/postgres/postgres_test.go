package postgres_test

import (
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"parley/internal/chat"
	"parley/internal/store/postgres"
	"parley/internal/store/postgres/pgtest"
	"parley/internal/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func openStore(t *testing.T, url string) *postgres.Store {
	t.Helper()
	store, err := postgres.Open(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

func TestStore_KeepsTheContract(t *testing.T) {
	server := pgtest.Start(t)
	storetest.Run(t, func(t *testing.T) chat.Store { return openStore(t, server.Database()) })
}

func TestOpen_RefusesWhatItCannotTrust(t *testing.T) {
	server := pgtest.Start(t)
	for what, c := range map[string]struct {
		spoil func(database string)
		says  string
	}{
		"another program's database": {func(db string) { server.Exec(db, `CREATE TABLE notes (text text)`) }, "is not Parley's"},
		"one of a newer Parley": {func(db string) {
			openStore(t, server.URL(db)).Close()
			server.Exec(db, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)`)
		}, "newer Parley"},
	} {
		t.Run(what, func(t *testing.T) {
			address := server.Database()
			c.spoil(nameOf(address))
			refused(t, address, c.says)
		})
	}
	t.Run("a database that is not there", func(t *testing.T) { refused(t, server.URL("nowhere"), "nowhere") })
	t.Run("an encoding without all letters", func(t *testing.T) {
		server.Exec("postgres", `CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`)
		refused(t, server.URL("latin"), "UTF8")
	})
	t.Run("an address that is none, without its password", func(t *testing.T) {
		refused(t, "postgres://parley:secret@[/parley", "postgres://USER@HOST/NAME")
	})
}

// nameOf is the database of an address.
func nameOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	return strings.TrimPrefix(u.Path, "/")
}

func refused(t *testing.T, address, says string) {
	t.Helper()
	store, err := postgres.Open(t.Context(), address, nil)
	if err == nil {
		store.Close()
	}
	if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v, wanted %q", err, says)
	}
}

func TestOpen_RefusesAServerThatDoesNotKeepWhatItAcknowledges(t *testing.T) {
	server := pgtest.Start(t, "fsync=off")
	refused(t, server.Database(), "fsync=off")
}

func TestUpdate_TextThatPostgreSQLDoesNotTakeIsStoredWithoutIt(t *testing.T) {
	store := openStore(t, pgtest.Start(t).Database())
	err := store.Update(t.Context(), func(tx chat.Tx) error { return tx.SetSetting("key", "a\x00b\xff'\\c") })
	if err != nil {
		t.Fatal(err)
	}
	err = store.View(t.Context(), func(tx chat.Tx) error {
		value, err := tx.Setting("key")
		if want := "a\uFFFDb\uFFFD'\\c"; value != want {
			t.Errorf("got %q, wanted %q", value, want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Two processes on one database.
func TestUpdate_OfTwoStoresOnOneDatabaseTakesTurns(t *testing.T) {
	address := pgtest.Start(t).Database()
	stores := []*postgres.Store{openStore(t, address), openStore(t, address)}
	service := storetest.NewService(t, stores[0], &storetest.Recorder{})
	var all sync.WaitGroup
	seen := make([]int64, 400)
	for i := range seen {
		all.Go(func() {
			err := stores[i%2].Update(t.Context(), func(tx chat.Tx) (err error) {
				room, err := tx.Room(service.Everyone()) // read, then written: what it says must hold
				if err != nil {
					return err
				}
				seen[i], _, err = tx.NextMessage(room)
				if seen[i] != room.LastSeq+1 {
					t.Errorf("seq %d comes after %d", seen[i], room.LastSeq)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	slices.Sort(seen)
	for i, seq := range seen {
		if seq != int64(i)+1 {
			t.Fatalf("the seqs are %v", seen)
		}
	}
}
