// Package web holds the built web client inside the binary.
package web

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
)

// ErrNotBuilt says that the binary was built before the web client was.
var ErrNotBuilt = errors.New("the web client is not built")

// The whole folder is embedded, not the build in it: the build is ignored by
// git, and a pattern that matches nothing would not compile.
//
//go:embed all:static
var static embed.FS

// Client returns the files of the web client, index.html at the root. Beside
// each text file lie its compressed forms, with .br and .gz added to the name.
// Everything below assets/ is named by its content and may be cached for ever;
// socket.io/ holds the official browser client. Without a build the error is
// [ErrNotBuilt].
func Client() (fs.FS, error) {
	return built(static)
}

func built(files fs.FS) (fs.FS, error) {
	client, err := fs.Sub(files, "static/dist")
	if err != nil {
		return nil, fmt.Errorf("open the embedded web client: %w", err)
	}
	if _, err := fs.Stat(client, "index.html"); errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotBuilt
	} else if err != nil {
		return nil, fmt.Errorf("open the embedded web client: %w", err)
	}
	return client, nil
}
