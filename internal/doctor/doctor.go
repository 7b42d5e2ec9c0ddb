// Package doctor examines a chat: whether its database is sound, whether its rows agree with each other, and whether each
// upload has its bytes.
package doctor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"parley/internal/chat"
	"parley/internal/store"
	"parley/internal/store/dirlock"
	"parley/internal/store/postgres"
	"parley/internal/store/sqlite"
)

// Finding is something that is not as it should be.
type Finding struct {
	What   string // in sentences for the operator
	Remedy string // what to do about it; empty if it was mended
}

// The remedies of what Mend would have mended.
const remedyMend = "Stop the server and run parley doctor --fix, which loses nothing."

// settled is how old bytes must be to belong to nothing while a server may be receiving them.
const settled = time.Hour

// Place is where a chat is kept.
type Place struct {
	Dir      string // the data directory
	Postgres string // address of the database; "" = SQLite in the directory
}

func (p Place) examine(ctx context.Context, tell func(string)) (store.Examination, error) {
	if p.Postgres == "" {
		return sqlite.Examine(p.Dir, tell)
	}
	return postgres.Examine(ctx, p.Postgres, tell)
}

// alone keeps others from the database and the directory while f works on them.
func (p Place) alone(ctx context.Context, tell func(string), f func(store.Conn, store.Examination) error) (err error) {
	if p.Postgres == "" {
		return sqlite.Alone(p.Dir, tell, f)
	}
	lock, err := dirlock.Take(p.Dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	return postgres.Alone(ctx, p.Postgres, tell, f)
}

// Examine looks at everything and changes nothing. A server may work meanwhile. tell is told what is looked at.
func Examine(ctx context.Context, place Place, tell func(what string)) ([]Finding, error) {
	files, err := list(place.Dir)
	if err != nil {
		return nil, err
	}
	e, err := place.examine(ctx, tell)
	if err != nil {
		return nil, err
	}
	var findings []Finding
	for _, fault := range e.Faults {
		findings = append(findings, found(fault))
	}
	stray := files.stray(e)
	stray = slices.DeleteFunc(stray, func(f file) bool { return time.Since(f.changed) < settled })
	if len(stray) > 0 {
		findings = append(findings, Finding{What: strayText(stray), Remedy: remedyMend})
	}
	return append(findings, files.missing(place.Dir, e)...), nil
}

// Mend examines and puts right what can be without losing anything. No server may work on the directory.
func Mend(ctx context.Context, place Place, tell func(what string)) ([]Finding, error) {
	var findings []Finding
	err := place.alone(ctx, tell, func(c store.Conn, e store.Examination) error {
		files, err := list(place.Dir)
		if err != nil {
			return err
		}
		for _, fault := range e.Faults {
			finding := found(fault)
			if fault.Mend != nil {
				if err := fault.Mend(c); err != nil {
					return fmt.Errorf("mend: %w", err)
				}
				finding.Remedy = ""
			}
			findings = append(findings, finding)
		}
		findings = append(findings, files.missing(place.Dir, e)...)
		stray := files.stray(e)
		for _, f := range stray {
			if err := os.Remove(filepath.Join(place.Dir, uploads, f.name)); err != nil {
				return fmt.Errorf("remove a stray file: %w", err)
			}
		}
		if len(stray) > 0 {
			findings = append(findings, Finding{What: strayText(stray)})
		}
		return nil
	})
	return findings, err
}

func found(fault store.Fault) Finding {
	if fault.Mend != nil {
		return Finding{What: fault.What, Remedy: remedyMend}
	}
	return Finding{What: fault.What, Remedy: fault.Remedy}
}

// uploads is where the bytes of uploads are.
const uploads = "files"

// file is one in the directory of uploads.
type file struct {
	name    string
	bytes   int64
	changed time.Time
}

type files []file

func list(dir string) (files, error) {
	entries, err := os.ReadDir(filepath.Join(dir, uploads))
	if err != nil && !os.IsNotExist(err) {
		return nil, fmt.Errorf("list the uploads: %w", err)
	}
	var all files
	for _, entry := range entries {
		info, err := entry.Info()
		if os.IsNotExist(err) {
			continue // removed meanwhile
		}
		if err != nil {
			return nil, fmt.Errorf("look at an upload: %w", err)
		}
		all = append(all, file{entry.Name(), info.Size(), info.ModTime()})
	}
	return all, nil
}

// stray are the bytes of uploads that the database does not know. Files that are not Parley's are none of its business.
func (all files) stray(e store.Examination) files {
	if e.Uploads == nil {
		return nil // what it does not know cannot be told
	}
	var stray files
	for _, f := range all {
		id, named := chat.ParseID(f.name)
		_, kept := e.Uploads[id]
		unfinished, _ := filepath.Match("upload-*.part", f.name)
		if named && !kept && !e.Forgotten[id] || unfinished {
			stray = append(stray, f)
		}
	}
	return stray
}

func strayText(stray files) string {
	bytes := int64(0)
	for _, f := range stray {
		bytes += f.bytes
	}
	return fmt.Sprintf("%d files of %d bytes in %s belong to nothing: their upload was cut off.", len(stray), bytes, uploads)
}

// missing tells uploads whose bytes are not there, or not as many as there were.
func (all files) missing(dir string, e store.Examination) []Finding {
	there := make(map[chat.ID]int64, len(all))
	for _, f := range all {
		if id, named := chat.ParseID(f.name); named {
			there[id] = f.bytes
		}
	}
	var lost []string
	for id, bytes := range e.Uploads {
		if size, ok := there[id]; ok && size == bytes {
			continue
		}
		info, err := os.Stat(filepath.Join(dir, uploads, id.String())) // it may have come since
		if err != nil || info.Size() != bytes {
			lost = append(lost, id.String())
		}
	}
	if len(lost) == 0 {
		return nil
	}
	slices.Sort(lost)
	named, more := lost, ""
	if len(lost) > 20 {
		named, more = lost[:20], fmt.Sprintf(" and %d more", len(lost)-20)
	}
	return []Finding{{
		What:   fmt.Sprintf("%d uploads are not there, or not whole: %s%s.", len(lost), strings.Join(named, ", "), more),
		Remedy: "Copy these files from the directory " + uploads + " of a backup. Until then, whoever opens them is told that they do not exist.",
	}}
}
