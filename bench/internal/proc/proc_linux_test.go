package proc

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestParseCPU_NamesMayContainAnything(t *testing.T) {
	got, err := parseCPU([]byte("12 (a) b (c 1 2) S 1 12 12 0 -1 4194560 900 0 0 0 70 5 0 0 20 0 1 0 100 1 1"))
	if err != nil || got != 750*time.Millisecond {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := parseCPU([]byte("12 (a) S 1")); err == nil {
		t.Error("a short line is no error")
	}
}

func TestCPU_WorkIsSeen(t *testing.T) {
	before, err := CPU(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); ; {
		now, err := CPU(os.Getpid())
		if err != nil || time.Now().After(deadline) {
			t.Fatalf("no processor time was counted: %v, %v", now, err)
		}
		if now >= before+2*tick {
			return
		}
	}
}

func TestMemory_OwnPagesAreSeen(t *testing.T) {
	before, err := Memory(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	block := make([]byte, 64<<20)
	for i := 0; i < len(block); i += 4096 {
		block[i] = 1
	}
	after, err := Memory(os.Getpid())
	if err != nil || after-before < 60<<20 {
		t.Errorf("grew by %d bytes, %v", after-before, err)
	}
	if block[4096] != 1 {
		t.Error("the block is gone")
	}
}

func TestMemory_OfNobodyIsAnError(t *testing.T) {
	if _, err := Memory(-1); err == nil {
		t.Error("no error")
	}
}

func TestParseMachine_BusyIsNeitherIdleNorStolen(t *testing.T) {
	got, err := parseMachine("cpu  10 1 5 100 7 2 3 4 0 0\ncpu0 1 1 1\n")
	want := Machine{Busy: 210 * time.Millisecond, Steal: 40 * time.Millisecond, Total: 1320 * time.Millisecond}
	if err != nil || got != want {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestDescribe_NamesThisMachine(t *testing.T) {
	if line := Describe(); strings.Contains(line, "unknown") || !strings.Contains(line, "GiB") {
		t.Error(line)
	}
}

func TestStartOn_TheChildStaysOnItsProcessor(t *testing.T) {
	before, err := CPUs()
	if err != nil {
		t.Fatal(err)
	}
	last := before[len(before)-1]
	cmd := exec.Command("grep", "Cpus_allowed_list", "/proc/self/status")
	var out strings.Builder
	cmd.Stdout = &out
	if err := StartOn(last, cmd); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if _, list, _ := strings.Cut(out.String(), ":"); strings.TrimSpace(list) != strconv.Itoa(last) {
		t.Errorf("child may use %q, want %d", list, last)
	}
	if after, err := CPUs(); err != nil || len(after) != len(before) {
		t.Errorf("this process may use %v, before %v, %v", after, before, err)
	}
}
