package chat

import (
	"errors"
	"fmt"
	"time"
)

// Code says what kind of refusal an Error is (contract §2).
type Code string

// The codes a client may meet.
const (
	BadCredentials Code = "bad_credentials"
	NewName        Code = "new_name"
	Unauthorized   Code = "unauthorized"
	Forbidden      Code = "forbidden"
	NotFound       Code = "not_found"
	Invalid        Code = "invalid"
	Conflict       Code = "conflict"
	TooLarge       Code = "too_large"
	RateLimited    Code = "rate_limited"
	Blocked        Code = "blocked"
	Unavailable    Code = "unavailable"
	Internal       Code = "internal"
)

// Error is a refusal written for the client. Any other error is internal: the edge logs it and tells nobody its text.
type Error struct {
	Code    Code
	Message string        // a sentence for people
	Field   string        // the payload's field at fault, if one is
	Retry   time.Duration // when to try again; 0 = not said
}

// Error is the code and the sentence.
func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// Errorf makes a refusal with a sentence for the user.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// invalidField refuses one field of a payload.
func invalidField(field, format string, args ...any) *Error {
	e := Errorf(Invalid, format, args...)
	e.Field = field
	return e
}

// CodeOf is the code of an error, Internal for one that carries none and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// What a Tx answers when a row is not there, and when a unique one is there already.
var (
	ErrNotFound = errors.New("not found")
	ErrExists   = errors.New("already exists")
)
