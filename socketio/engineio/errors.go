package engineio

import (
	"encoding/json"
	"net/http"
)

// Code says why a request was refused. The numbers are the protocol's.
type Code int

// Codes that clients know.
const (
	CodeTransportUnknown   Code = iota // Options.Transports does not have it
	CodeSessionUnknown                 // no session has this id, or no longer
	CodeHandshakeMethod                // a handshake that is not a GET
	CodeBadRequest                     // anything else that the protocol forbids
	CodeForbidden                      // Options.Authorize refused it
	CodeUnsupportedVersion             // EIO is neither 4 nor, with Options.AllowEIO3, 3
)

// RequestError is a request that was refused. Its code and message are the
// answer, as JSON, or the message alone if it was a WebSocket upgrade.
type RequestError struct {
	Status  int    `json:"-"` // of the answer, unless it was an upgrade: then 400
	Code    Code   `json:"code"`
	Message string `json:"message"`
	Detail  string `json:"-"` // what the client is not told, such as which of the rules for CodeBadRequest
}

func (e *RequestError) Error() string {
	if e.Detail == "" {
		return "engineio: " + e.Message
	}
	return "engineio: " + e.Message + ": " + e.Detail
}

func errTransportUnknown(name string) *RequestError {
	return &RequestError{http.StatusBadRequest, CodeTransportUnknown, "Transport unknown", name}
}

func errSessionUnknown() *RequestError {
	return &RequestError{http.StatusBadRequest, CodeSessionUnknown, "Session ID unknown", ""}
}

func errHandshakeMethod(method string) *RequestError {
	return &RequestError{http.StatusBadRequest, CodeHandshakeMethod, "Bad handshake method", method}
}

func errBadRequest(detail string) *RequestError {
	return &RequestError{http.StatusBadRequest, CodeBadRequest, "Bad request", detail}
}

func errForbidden(message string) *RequestError {
	return &RequestError{http.StatusForbidden, CodeForbidden, message, ""}
}

func errProtocolVersion(version string) *RequestError {
	return &RequestError{http.StatusBadRequest, CodeUnsupportedVersion, "Unsupported protocol version", version}
}

func errShuttingDown() *RequestError {
	return &RequestError{http.StatusServiceUnavailable, CodeBadRequest, "Server shutting down", ""}
}

func errPayloadTooLarge() *RequestError {
	return &RequestError{http.StatusRequestEntityTooLarge, CodeBadRequest, "Payload too large", ""}
}

// refuse answers a request that is not an upgrade.
func (srv *Server) refuse(w http.ResponseWriter, r *http.Request, e *RequestError) {
	srv.tellRefused(r, e)
	body, err := json.Marshal(e)
	if err != nil { // strings and integers always encode
		body = []byte("{}")
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(e.Status)
	w.Write(body)
}

// refuseUpgrade answers a WebSocket upgrade: the body is the message alone, and
// the status always 400, as the reference server has it.
func (srv *Server) refuseUpgrade(w http.ResponseWriter, r *http.Request, e *RequestError) {
	srv.tellRefused(r, e)
	w.Header().Set("Connection", "close")
	http.Error(w, e.Message, http.StatusBadRequest)
}

func (srv *Server) tellRefused(r *http.Request, e *RequestError) {
	if srv.opts.Refused != nil {
		srv.opts.Refused(r, e)
	}
}
