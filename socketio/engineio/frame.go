package engineio

// Frame is one encoded message. It is immutable: one Frame is sent to any
// number of sessions, whatever their transport, and encoded once for each.
type Frame struct {
	wire   []byte // as it goes over WebSocket, with its header
	body   int    // where the packet starts in wire
	binary bool
}

// NewText returns a text message. It takes ownership of data, which must be
// valid UTF-8.
func NewText(data []byte) *Frame { return &Frame{wire: data} }

// NewBinary returns a binary message. It takes ownership of data.
func NewBinary(data []byte) *Frame { return &Frame{wire: data, binary: true} }

// Len returns the size of the message in bytes.
func (f *Frame) Len() int { return len(f.wire) - f.body }
