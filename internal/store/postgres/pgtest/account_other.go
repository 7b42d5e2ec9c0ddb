//go:build !unix

package pgtest

import "os/exec"

// account is who the server runs as: here, who runs the test.
type account struct{}

func serverAccount() (*account, error) { return nil, nil }

func (*account) own(string) error { return nil }

func (*account) run(*exec.Cmd) {}
