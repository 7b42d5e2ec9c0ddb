package web

import (
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"
)

func TestClient_WithoutABuild(t *testing.T) {
	files := fstest.MapFS{"static/README.md": {Data: []byte("the built client")}}
	if _, err := built(files); !errors.Is(err, ErrNotBuilt) {
		t.Fatalf("built: %v, want ErrNotBuilt", err)
	}
}

func TestClient_HasIndexAtTheRoot(t *testing.T) {
	files := fstest.MapFS{"static/dist/index.html": {Data: []byte("<!doctype html>")}}
	client, err := built(files)
	if err != nil {
		t.Fatal(err)
	}
	page, err := fs.ReadFile(client, "index.html")
	if err != nil || string(page) != "<!doctype html>" {
		t.Fatalf("index.html: %q, %v", page, err)
	}
}

func TestClient_EmbeddedFolderIsThere(t *testing.T) {
	if _, err := fs.Stat(static, "static/README.md"); err != nil {
		t.Fatal(err)
	}
}
