package wire_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/chat"
	"parley/internal/wire"
)

// testdata/in has one file per client event with every field it may carry.
func TestRequests_AreReadAsTheGoldenFilesSay(t *testing.T) {
	requests := append(exchanges(), exchange{event: wire.Typing, in: wire.TypingRequest{}})
	for _, e := range requests {
		t.Run(e.event, func(t *testing.T) {
			golden, err := os.ReadFile(filepath.Join("testdata/in", strings.ReplaceAll(e.event, ":", "_")+".json"))
			if err != nil {
				t.Fatal(err)
			}
			in := reflect.New(reflect.TypeOf(e.in))
			if err := wire.Decode(golden, in.Interface()); err != nil {
				t.Fatal(err)
			}
			read, err := json.Marshal(in.Interface())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(fields(t, golden), fields(t, read)); diff != "" {
				t.Errorf("read otherwise (-contract +now):\n%s", diff)
			}
		})
	}
	files, _ := filepath.Glob("testdata/in/*.json")
	if len(files) != len(requests) {
		t.Errorf("%d golden files for %d events", len(files), len(requests))
	}
}

// Every answer and server event is one of the shapes that have a golden file.
func TestShapes_ThoseOfEveryEventAreGolden(t *testing.T) {
	golden := make(map[reflect.Type]bool)
	for _, shape := range shapes() {
		golden[reflect.TypeOf(shape)] = true
	}
	for _, e := range exchanges() {
		if !golden[reflect.TypeOf(e.out)] {
			t.Errorf("the answer to %s has no golden file", e.event)
		}
	}
	for _, e := range pushes() {
		if !golden[reflect.TypeOf(e.in)] {
			t.Errorf("%s has no golden file", e.event)
		}
	}
}

func TestTypeScript_HasEveryEventThatHasARule(t *testing.T) {
	printed := printTypes()
	for event := range chat.Rules() {
		if !strings.HasPrefix(event, "file:") && !strings.Contains(printed, "\n  "+key(event)+": {") {
			t.Errorf("%s is missing", event)
		}
	}
}

func fields(t *testing.T, object []byte) map[string]any {
	t.Helper()
	var given map[string]any
	if err := json.Unmarshal(object, &given); err != nil {
		t.Fatal(err)
	}
	return given
}
