package suite

import (
	"context"
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"parley/bench/internal/load"
)

// Server is one of the servers that are compared.
type Server struct {
	Name     string
	Title    string
	Protocol string
	NoRooms  bool // cannot do the scenario with rooms
	Quick    bool // part of the quick mode

	prepare func(context.Context, workshop) (prepared, error)
}

// workshop is where servers are made ready.
type workshop struct {
	root string // of the module
	bin  string // for what is built
}

// prepared is a server that can be started.
type prepared struct {
	command []string // without --listen and the address
	version string
}

// Names of servers that reports single out: the project's own, the one that it is compared with, and the least that
// can be.
const (
	Ours      = "parley"
	Reference = "node"
	Limit     = "limit"
)

// Servers are all there are, in the order of a round.
func Servers() []Server {
	return []Server{
		{Name: Ours, Title: "Parley socketio (Go)", Protocol: "socketio", Quick: true, prepare: prepareOurs},
		{Name: Reference, Title: "socket.io (Node.js)", Protocol: "socketio", Quick: true, prepare: prepareNode},
		{Name: "centrifuge", Title: "centrifuge (Go, own protocol)", Protocol: "centrifuge", NoRooms: true,
			prepare: goPeer("centrifuge", "github.com/centrifugal/centrifuge")},
		{Name: "gws", Title: "gws (Go, bare frames)", Protocol: "socketio", prepare: goPeer("gws", "github.com/lxzan/gws")},
		{Name: Limit, Title: "limit (one epoll loop, no checks)", Protocol: "socketio", Quick: true, prepare: prepareLimit},
	}
}

// Can says whether the server can do the scenario.
func (s Server) Can(scenario Scenario) bool {
	return scenario.Spec.Kind != load.Rooms || !s.NoRooms
}

func prepareOurs(ctx context.Context, shop workshop) (prepared, error) {
	binary, err := build(ctx, shop.root, shop.bin, Ours, "./conformance/server")
	if err != nil {
		return prepared{}, err
	}
	commit, err := output(ctx, shop.root, "git", "rev-parse", "--short", "HEAD")
	if err != nil {
		return prepared{command: []string{binary}, version: "unknown commit"}, nil
	}
	changed, err := output(ctx, shop.root, "git", "status", "--porcelain", "--", "socketio", "conformance", "go.mod")
	if err != nil || changed != "" {
		commit += " with local changes"
	}
	return prepared{command: []string{binary}, version: "commit " + commit}, nil
}

func prepareLimit(ctx context.Context, shop workshop) (prepared, error) {
	binary, err := build(ctx, shop.root, shop.bin, Limit, "./bench/peers/limit")
	return prepared{command: []string{binary}, version: "same commit"}, err
}

// goPeer is a server in the module of Go peers that is about one dependency.
func goPeer(name, module string) func(context.Context, workshop) (prepared, error) {
	return func(ctx context.Context, shop workshop) (prepared, error) {
		binary, err := build(ctx, filepath.Join(shop.root, "bench/peers/go"), shop.bin, name, "./"+name)
		if err != nil {
			return prepared{}, err
		}
		info, err := buildinfo.ReadFile(binary)
		if err != nil {
			return prepared{}, fmt.Errorf("read the version of %s: %w", name, err)
		}
		version := "unknown version"
		for _, dependency := range info.Deps {
			if dependency.Path == module {
				version = dependency.Version
			}
		}
		return prepared{command: []string{binary}, version: version}, nil
	}
}

// prepareNode installs the packages if the lock file has changed since, running no script of theirs.
func prepareNode(ctx context.Context, shop workshop) (prepared, error) {
	folder := filepath.Join(shop.root, "bench/peers/node")
	version, err := output(ctx, folder, "node", "--version")
	if err != nil {
		return prepared{}, err
	}
	if !newer(filepath.Join(folder, "node_modules/.package-lock.json"), filepath.Join(folder, "package-lock.json")) {
		if _, err := output(ctx, folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"); err != nil {
			return prepared{}, err
		}
	}
	content, err := os.ReadFile(filepath.Join(folder, "node_modules/socket.io/package.json"))
	if err != nil {
		return prepared{}, fmt.Errorf("read the version of socket.io: %w", err)
	}
	var pkg struct{ Version string }
	if err := json.Unmarshal(content, &pkg); err != nil {
		return prepared{}, fmt.Errorf("read the version of socket.io: %w", err)
	}
	return prepared{
		command: []string{"node", "--expose-gc", filepath.Join(folder, "server.js")},
		version: fmt.Sprintf("%s on Node.js %s", pkg.Version, version),
	}, nil
}

// newer says whether file exists and is not older than other.
func newer(file, other string) bool {
	a, errA := os.Stat(file)
	b, errB := os.Stat(other)
	return errA == nil && errB == nil && !a.ModTime().Before(b.ModTime())
}

func build(ctx context.Context, folder, bin, name, pkg string) (string, error) {
	binary := filepath.Join(bin, name)
	_, err := output(ctx, folder, "go", "build", "-o", binary, pkg)
	return binary, err
}

// output runs a command and returns what it prints, without the newline at the end.
func output(ctx context.Context, folder string, command ...string) (string, error) {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir = folder
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w: %s", strings.Join(command, " "), err, strings.TrimSpace(stderr.String()))
	}
	return strings.TrimSpace(string(out)), nil
}
