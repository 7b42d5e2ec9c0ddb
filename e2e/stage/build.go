// Package stage sets up what tests of the whole program need: the real binary, a server in a process of its own that
// can be killed, paused and started again, and a town of people who are logged in.
package stage

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
)

// Build builds a command of this module into a file.
func Build(ctx context.Context, file, command string, tags ...string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-tags="+strings.Join(tags, ","), "-o", file, command)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", command, err, out)
	}
	return nil
}
