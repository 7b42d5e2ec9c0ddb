package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/config"
)

func TestStorage_TheDatabaseIsAFileUnlessAnAddressIsGiven(t *testing.T) {
	file := filepath.Join(t.TempDir(), "database")
	if err := os.WriteFile(file, []byte("postgres://parley:secret@db/parley\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		args []string
		want string
	}{
		{nil, ""},
		{[]string{"--database=sqlite"}, ""},
		{[]string{"--database=postgres://parley@db/parley"}, "postgres://parley@db/parley"},
		{[]string{"--database-file=" + file}, "postgres://parley:secret@db/parley"},
	}
	for _, test := range tests {
		if got, err := parse(t, test.args...).Postgres(); got != test.want || err != nil {
			t.Errorf("%v: got %q, %v", test.args, got, err)
		}
	}
	t.Setenv("PARLEY_DATABASE", "postgresql://parley:secret@db/parley")
	if got, err := parse(t).Postgres(); got != "postgresql://parley:secret@db/parley" || err != nil {
		t.Errorf("from the environment: got %q, %v", got, err)
	}
}

func TestStorage_MistakesAreSentencesWithoutThePassword(t *testing.T) {
	for _, args := range [][]string{
		{"--database=mysql://parley:secret@db/parley"}, {"--database=/var/lib/secret.db"}, {"--database-file=/there/is/no/secret"},
	} {
		cfg := parse(t, args...)
		_, err := cfg.Postgres()
		if err == nil || !strings.Contains(err.Error(), "--database") || strings.Contains(err.Error(), "parley:secret") {
			t.Errorf("%v: %v", args, err)
		}
	}
}

func TestCheckArguments_RefusesAPasswordThatOthersCouldRead(t *testing.T) {
	for _, args := range [][]string{
		{"serve", "--database=postgres://parley:secret@db/parley"},
		{"serve", "--database", "postgresql://parley:secret@db/parley"},
		{"serve", "--database=postgres://parley@db/parley?password=secret"},
		{"serve", "--database=postgres://parley:%zz@db/parley"},
	} {
		if err := config.CheckArguments(args); err == nil || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "%zz") {
			t.Errorf("%v: %v", args, err)
		}
	}
	for _, args := range [][]string{
		{"serve"}, {"serve", "--database=sqlite"}, {"serve", "--database=postgres://parley@db/parley"}, {"user", "add", "ann"},
	} {
		if err := config.CheckArguments(args); err != nil {
			t.Errorf("%v: %v", args, err)
		}
	}
}
