package wire

import (
	"context"
	"errors"
	"net/http"
	"time"

	"parley/internal/chat"
)

// Error is the error of a negative answer. Message is a sentence for people.
type Error struct {
	Code    chat.Code `json:"code"`
	Message string    `json:"message"`
	Field   string    `json:"field,omitempty"`
	RetryMS int64     `json:"retry_ms,omitempty"`
}

// Refuse turns an error into the negative answer. written is false for an error
// that nobody wrote for a client: its text stays here, the code is internal, and
// the caller logs it.
func Refuse(err error) (answer Refused, written bool) {
	var refusal *chat.Error
	if errors.As(err, &refusal) {
		return Refused{Error: Error{
			Code:    refusal.Code,
			Message: refusal.Message,
			Field:   refusal.Field,
			RetryMS: milliseconds(refusal.Retry),
		}}, true
	}
	var shape *FieldError
	if errors.As(err, &shape) {
		return Refused{Error: Error{Code: chat.Invalid, Message: shape.Error(), Field: shape.Field}}, true
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		const retry = 1000
		return Refused{Error: Error{Code: chat.Unavailable, Message: "The server took too long. Try again.", RetryMS: retry}}, true
	}
	return Refused{Error: Error{Code: chat.Internal, Message: "Something went wrong on the server."}}, false
}

// milliseconds rounds up, so that who waits that long does not come too early.
func milliseconds(d time.Duration) int64 {
	return int64((d + time.Millisecond - 1) / time.Millisecond)
}

// Status is the HTTP status of a code.
func Status(code chat.Code) int {
	switch code {
	case chat.BadCredentials, chat.Unauthorized:
		return http.StatusUnauthorized
	case chat.Forbidden, chat.Blocked:
		return http.StatusForbidden
	case chat.NotFound, chat.NewName:
		return http.StatusNotFound
	case chat.Invalid:
		return http.StatusBadRequest
	case chat.Conflict:
		return http.StatusConflict
	case chat.TooLarge:
		return http.StatusRequestEntityTooLarge
	case chat.RateLimited:
		return http.StatusTooManyRequests
	case chat.Unavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}
