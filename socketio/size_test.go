package socketio

import (
	"testing"
	"unsafe"
)

// An idle connection costs the state of its session, a conn and a Socket. The
// bounds are size classes of the allocator: one field more costs 16 bytes.
func TestState_FitsTheSizeClassesItWasMadeFor(t *testing.T) {
	if size := unsafe.Sizeof(Socket{}); size > 160 {
		t.Errorf("a Socket has %d bytes", size)
	}
	if size := unsafe.Sizeof(conn{}); size > 96 {
		t.Errorf("a conn has %d bytes", size)
	}
}
