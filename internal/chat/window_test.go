package chat

import (
	"testing"
	"time"
)

func TestNextWindow_GrowsWhileItIsFastAndEndsWithTheTime(t *testing.T) {
	const ms = time.Millisecond
	for _, test := range []struct {
		window     int64
		took, left time.Duration
		want       int64
	}{
		{1 << 14, 0, 30 * ms, 1 << 16},      // too fast to tell
		{1 << 14, 1 * ms, 29 * ms, 1 << 16}, // fast
		{1 << 16, 5 * ms, 10 * ms, 1 << 17}, // twice as many should fit
		{1 << 16, 10 * ms, 5 * ms, 1 << 15}, // half as many
		{1 << 14, 16 * ms, 1 * ms, 1 << 10}, // just worth a look
		{1 << 14, 16 * ms, ms / 2, 0},       // not worth one
		{1 << 14, 87 * ms, -57 * ms, 0},     // over
		{1 << 40, 1 * ms, 29 * ms, 1 << 42}, // more than there are messages
	} {
		if got := nextWindow(test.window, test.took, test.left); got != test.want {
			t.Errorf("after %d in %v with %v left: %d, wanted %d", test.window, test.took, test.left, got, test.want)
		}
	}
}
