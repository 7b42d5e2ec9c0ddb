package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// disk is an ext4 file system of its own in a file, whose power can be cut. It needs root, a loop device and ext4.
type disk struct {
	image string
	mount string // where it is mounted
}

// errNoDisk means that this machine cannot have such a disk; the text says why.
var errNoDisk = errors.New("this machine cannot mount a file as a disk")

// newDisk makes and mounts a disk. Error: errNoDisk.
func newDisk(ctx context.Context, dir string) (*disk, error) {
	d := &disk{image: filepath.Join(dir, "disk"), mount: filepath.Join(dir, "mount")}
	if os.Geteuid() != 0 {
		return nil, fmt.Errorf("%w: only root may", errNoDisk)
	}
	if err := os.Mkdir(d.mount, 0o700); err != nil {
		return nil, err
	}
	if err := os.WriteFile(d.image, nil, 0o600); err != nil {
		return nil, err
	}
	const size = 256 << 20
	if err := os.Truncate(d.image, size); err != nil {
		return nil, err
	}
	if err := d.run(ctx, "mkfs.ext4", "-q", "-F", d.image); err != nil {
		return nil, fmt.Errorf("%w: %w", errNoDisk, err)
	}
	if err := d.attach(ctx); err != nil {
		return nil, fmt.Errorf("%w: %w", errNoDisk, err)
	}
	return d, nil
}

func (d *disk) run(ctx context.Context, name string, args ...string) error {
	if out, err := exec.CommandContext(ctx, name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(string(out)))
	}
	return nil
}

// attach mounts the disk, as a machine does that has power again: the file system's journal is replayed.
func (d *disk) attach(ctx context.Context) error {
	return d.run(ctx, "mount", "-t", "ext4", "-o", "loop", d.image, d.mount)
}

// cutPower makes the disk forget, at once and for good, all that it was not told to flush. Nothing can be read or
// written until power is back.
func (d *disk) cutPower() error {
	const (
		shutdown   = 0x8004587d // EXT4_IOC_SHUTDOWN of the kernel's ext4.h
		noLogFlush = 2          // do not even write the file system's own journal
	)
	mount, err := os.Open(d.mount)
	if err != nil {
		return fmt.Errorf("cut the power: %w", err)
	}
	defer mount.Close()
	if err := unix.IoctlSetPointerInt(int(mount.Fd()), shutdown, noLogFlush); err != nil {
		return fmt.Errorf("cut the power: %w", err)
	}
	return nil
}

// powerOn mounts a disk again whose power was cut. Whoever used it must be gone.
func (d *disk) powerOn(ctx context.Context) error {
	if err := d.remove(); err != nil {
		return err
	}
	return d.attach(ctx)
}

// remove unmounts the disk.
func (d *disk) remove() error { return d.run(context.Background(), "umount", d.mount) }
