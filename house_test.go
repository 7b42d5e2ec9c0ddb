// Package parley_test holds the one rule about the whole house: who may import whom.
package parley_test

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// room is what one package may import beside the standard library. Every package of the module has one;
// an entry ending in "/..." stands for a whole tree.
type room struct {
	house   []string // packages of this module
	foreign []string // modules of others
}

var (
	tools    = []string{"golang.org/x/sys/..."}
	library  = []string{"parley/socketio", "parley/socketio/engineio", "parley/socketio/parser"}
	database = []string{"parley/internal/chat", "parley/internal/store", "parley/internal/store/migrations", "parley/internal/fault", "parley/internal/store/writer", "parley/internal/store/dirlock"}
	edge     = []string{"parley/internal/api", "parley/internal/wire", "parley/internal/chat", "parley/internal/auth"}
)

// house is the plan of docs/architecture.md, top floor first.
var house = map[string]room{
	"parley": {},

	"parley/cmd/parley":   {house: []string{"parley/internal/app", "parley/internal/config", "parley/internal/backup", "parley/internal/doctor"}, foreign: []string{"github.com/alecthomas/kong", "golang.org/x/term"}},
	"parley/internal/app": {house: []string{"parley/internal/...", "parley/socketio", "parley/web"}},

	"parley/internal/backup":    {house: []string{"parley/internal/chat", "parley/internal/store/sqlite", "parley/internal/store/postgres"}},
	"parley/internal/doctor":    {house: []string{"parley/internal/chat", "parley/internal/store", "parley/internal/store/dirlock", "parley/internal/store/postgres", "parley/internal/store/sqlite"}},
	"parley/internal/config":    {foreign: []string{"github.com/alecthomas/kong"}},
	"parley/internal/httpapi":   {house: edge},
	"parley/internal/socketapi": {house: slices.Concat(library, edge)},
	"parley/internal/api":       {house: []string{"parley/internal/wire", "parley/internal/chat", "parley/internal/auth"}},
	"parley/internal/auth":      {house: []string{"parley/internal/chat"}, foreign: []string{"golang.org/x/crypto/argon2"}},
	"parley/internal/blob":      {house: []string{"parley/internal/chat"}},
	"parley/internal/wire":      {house: []string{"parley/internal/chat"}},

	"parley/internal/store":                 {house: []string{"parley/internal/chat"}},
	"parley/internal/store/writer":          {house: []string{"parley/internal/chat", "parley/internal/store"}},
	"parley/internal/store/dirlock":         {foreign: []string{"golang.org/x/sys/windows"}},
	"parley/internal/store/sqlite":          {house: database, foreign: []string{"modernc.org/sqlite/...", "modernc.org/sqlite", "modernc.org/libc/...", "modernc.org/libc", "github.com/pressly/goose/v3", "github.com/pressly/goose/v3/..."}},
	"parley/internal/store/postgres":        {house: database, foreign: []string{"github.com/jackc/pgx/v5", "github.com/jackc/pgx/v5/...", "github.com/pressly/goose/v3", "github.com/pressly/goose/v3/..."}},
	"parley/internal/store/postgres/pgtest": {foreign: []string{"github.com/jackc/pgx/v5/pgconn"}},
	"parley/internal/store/migrations":      {},
	"parley/internal/store/storetest":       {house: []string{"parley/internal/chat"}, foreign: []string{"github.com/google/go-cmp/cmp", "pgregory.net/rapid"}},
	"parley/internal/store/storebench":      {},
	"parley/internal/fault":                 {house: []string{"parley/internal/chat"}},
	"parley/internal/chat":                  {foreign: []string{"golang.org/x/text/..."}},

	"parley/socketio":                  {house: []string{"parley/socketio/engineio", "parley/socketio/parser", "parley/socketio/internal/gzipped"}},
	"parley/socketio/adminui":          {house: []string{"parley/socketio", "parley/socketio/engineio"}, foreign: []string{"golang.org/x/crypto/bcrypt"}},
	"parley/socketio/redisadapter":     {house: []string{"parley/socketio", "parley/socketio/parser", "parley/socketio/parser/msgpack"}, foreign: []string{"github.com/redis/go-redis/v9"}},
	"parley/socketio/metrics":          {house: []string{"parley/socketio"}, foreign: []string{"github.com/prometheus/client_golang/prometheus"}},
	"parley/socketio/socketiotest":     {house: append([]string{"parley/socketio/internal/wsconn"}, library...)},
	"parley/socketio/webtransport":     {foreign: []string{"github.com/quic-go/quic-go/http3", "github.com/quic-go/webtransport-go"}},
	"parley/socketio/engineio":         {house: []string{"parley/socketio/internal/..."}, foreign: tools},
	"parley/socketio/parser":           {},
	"parley/socketio/parser/msgpack":   {house: []string{"parley/socketio/parser"}},
	"parley/socketio/internal/reactor": {foreign: tools},
	"parley/socketio/internal/wsconn":  {},
	"parley/socketio/internal/gzipped": {},
	"parley/socketio/internal/wsecho":  {house: []string{"parley/socketio/internal/reactor", "parley/socketio/internal/wsconn"}},

	"parley/web":                        {},
	"parley/bench/...":                  {house: []string{"parley/bench/..."}, foreign: tools},
	"parley/bench/chat":                 {house: []string{"parley/bench/internal/...", "parley/e2e/stage"}},
	"parley/bench":                      {house: []string{"parley/bench/..."}, foreign: tools},
	"parley/conformance":                {house: library},
	"parley/conformance/redistest":      {},
	"parley/conformance/server":         {house: library},
	"parley/e2e/stage":                  {house: []string{"parley/internal/auth", "parley/internal/chat", "parley/internal/store/sqlite", "parley/internal/store/postgres"}},
	"parley/e2e/chaos":                  {house: []string{"parley/e2e/stage", "parley/e2e/chaos/...", "parley/internal/wire"}},
	"parley/e2e/chaos/internal/history": {},
	"parley/e2e/chaos/internal/crowd":   {house: []string{"parley/e2e/chaos/internal/history", "parley/e2e/chaos/internal/person"}},
	"parley/e2e/chaos/internal/person":  {house: []string{"parley/e2e/chaos/internal/history", "parley/internal/wire", "parley/socketio/socketiotest"}},
	"parley/examples":                   {},
	"parley/examples/library":           {house: library},
}

func TestHouse_EveryPackageImportsOnlyWhatItsRoomAllows(t *testing.T) {
	for _, pkg := range packages(t) {
		allowed, known := roomOf(pkg.ImportPath)
		if !known {
			t.Errorf("%s has no room in the house: add it to this test and to docs/architecture.md", pkg.ImportPath)
			continue
		}
		for _, imported := range pkg.Imports {
			if !allowed.admits(imported) {
				t.Errorf("%s must not import %s", pkg.ImportPath, imported)
			}
		}
	}
}

// The web client's layers look one way only: lib ← net ← model ← ui.
func TestHouse_WebClientLayersLookOneWay(t *testing.T) {
	layers := []string{"lib", "net", "model", "ui"}
	importing := regexp.MustCompile(`(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]`)
	seen := 0
	err := filepath.WalkDir("web/src", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !slices.Contains([]string{".ts", ".svelte"}, filepath.Ext(file)) {
			return err
		}
		seen++
		from := slices.Index(layers, layerOf(file))
		if from < 0 {
			return nil
		}
		for _, match := range importing.FindAllSubmatch(readFile(t, file), -1) {
			target := path.Join(path.Dir(filepath.ToSlash(file)), string(match[1]))
			if to := slices.Index(layers, layerOf(target)); to > from {
				t.Errorf("%s must not import %s", file, target)
			}
		}
		return nil
	})
	if err != nil || seen == 0 {
		t.Fatalf("read web/src: %d files, %v", seen, err)
	}
}

// layerOf names the layer of a path such as web/src/model/room.ts; files beside the layers belong to none.
func layerOf(file string) string {
	parts := strings.Split(filepath.ToSlash(file), "/")
	if len(parts) < 4 {
		return ""
	}
	return parts[2]
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var pkg goPackage
		err := dec.Decode(&pkg)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("read go list: %v", err)
		}
		all = append(all, pkg)
	}
}

func roomOf(importPath string) (room, bool) {
	if exact, ok := house[importPath]; ok {
		return exact, true
	}
	for pattern, r := range house {
		if matches(pattern, importPath) {
			return r, true
		}
	}
	return room{}, false
}

func (r room) admits(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	if first != "parley" && !strings.Contains(first, ".") {
		return true // the standard library
	}
	return slices.ContainsFunc(slices.Concat(r.house, r.foreign), func(pattern string) bool {
		return matches(pattern, imported)
	})
}

func matches(pattern, importPath string) bool {
	tree, isTree := strings.CutSuffix(pattern, "/...")
	if isTree {
		return strings.HasPrefix(importPath, tree+"/")
	}
	return pattern == importPath
}

func readFile(t *testing.T, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
