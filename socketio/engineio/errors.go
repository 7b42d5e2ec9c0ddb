package engineio

import (
	"encoding/json"
	"net/http"
)

// requestError refuses an HTTP request. Codes 0 to 5 are the protocol's.
type requestError struct {
	status  int
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func badRequest(code int, message string) *requestError {
	return &requestError{http.StatusBadRequest, code, message}
}

func errTransportUnknown() *requestError { return badRequest(0, "Transport unknown") }
func errSessionUnknown() *requestError   { return badRequest(1, "Session ID unknown") }
func errHandshakeMethod() *requestError  { return badRequest(2, "Bad handshake method") }
func errBadRequest() *requestError       { return badRequest(3, "Bad request") }
func errProtocolVersion() *requestError  { return badRequest(5, "Unsupported protocol version") }

func errForbidden(message string) *requestError {
	return &requestError{http.StatusForbidden, 4, message}
}

func errShuttingDown() *requestError {
	return &requestError{http.StatusServiceUnavailable, 3, "Server shutting down"}
}

func errPayloadTooLarge() *requestError {
	return &requestError{http.StatusRequestEntityTooLarge, 3, "Payload too large"}
}

// write answers a request that is not an upgrade.
func (e *requestError) write(w http.ResponseWriter) {
	body, err := json.Marshal(e)
	if err != nil { // strings and integers always encode
		body = []byte("{}")
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(e.status)
	w.Write(body)
}

// writeUpgrade answers a WebSocket upgrade: the body is the message alone, and
// the status always 400, as the reference server has it.
func (e *requestError) writeUpgrade(w http.ResponseWriter) {
	w.Header().Set("Connection", "close")
	http.Error(w, e.Message, http.StatusBadRequest)
}
