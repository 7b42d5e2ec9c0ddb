package wsconn

import (
	"encoding/binary"
	"fmt"
	"unicode/utf8"
)

// Close codes of RFC 6455, section 7.4.1, that this package sends.
const (
	CloseNormal          = 1000
	CloseGoingAway       = 1001
	CloseProtocolError   = 1002
	CloseNoStatus        = 1005 // never on the wire: a close frame without a code
	CloseInvalidData     = 1007
	ClosePolicyViolation = 1008
	CloseTooBig          = 1009
	CloseInternalError   = 1011
)

// CloseError is a violation of the protocol and the code to close with.
type CloseError struct {
	Code int
	Text string // at most 123 bytes, sent to the peer
}

func (e *CloseError) Error() string { return fmt.Sprintf("websocket: %s (%d)", e.Text, e.Code) }

func protocolError(text string) error { return &CloseError{CloseProtocolError, text} }

// AppendClose appends a close frame. A code of CloseNoStatus leaves the body
// empty.
func AppendClose(dst []byte, code int, text string) []byte {
	if code == CloseNoStatus {
		return AppendHeader(dst, OpClose, 0)
	}
	dst = AppendHeader(dst, OpClose, 2+len(text))
	dst = binary.BigEndian.AppendUint16(dst, uint16(code))
	return append(dst, text...)
}

// CloseCode returns the code in the body of a valid close frame.
func CloseCode(body []byte) int {
	if len(body) < 2 {
		return CloseNoStatus
	}
	return int(binary.BigEndian.Uint16(body))
}

// checkClose validates the body of a received close frame.
func checkClose(body []byte) error {
	if len(body) == 0 {
		return nil
	}
	if len(body) == 1 {
		return protocolError("close frame with half a code")
	}
	if !validCloseCode(CloseCode(body)) {
		return protocolError("invalid close code")
	}
	if !utf8.Valid(body[2:]) {
		return &CloseError{CloseInvalidData, "close reason is not UTF-8"}
	}
	return nil
}

// validCloseCode reports whether a peer may send code: those RFC 6455 and the
// IANA registry define for the wire, and the ranges for libraries and
// applications.
func validCloseCode(code int) bool {
	switch {
	case code >= 1000 && code <= 1003, code >= 1007 && code <= 1014:
		return true
	}
	return code >= 3000 && code <= 4999
}
