package socketio

import (
	"encoding/json"
	"net/url"
	"strings"
)

// Clients of Socket.IO 2, which Options.Engine.AllowEIO3 admits, differ in how
// they connect: they are in "/" without asking, a query in the name of a
// namespace is what auth is for others, answers to a connect have no payload,
// errors are any JSON, and they know the id of a socket without being told.

// isV2 reports whether the client is one of these.
func (c *conn) isV2() bool {
	const protocol = 3 // of Engine.IO
	return c.session.Protocol() == protocol
}

// splitV2 takes the query off the name of a namespace.
func splitV2(name string) (string, json.RawMessage) {
	name, query, found := strings.Cut(name, "?")
	if !found {
		return name, nil
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return name, nil
	}
	auth := make(map[string]string, len(values))
	for key := range values {
		auth[key] = values.Get(key)
	}
	payload, err := json.Marshal(auth)
	if err != nil { // maps of strings always encode
		return name, nil
	}
	return name, payload
}

// idV2 is what a client calls its socket. It contains the id of the session,
// which is a secret of the client: do not show it to others.
func (c *conn) idV2(ns *Namespace) string {
	if ns.name == "/" {
		return c.session.ID()
	}
	return ns.name + "#" + c.session.ID()
}

// errorV2 is the payload of a refusal.
func errorV2(data connectErrorData) any {
	if data.Data != nil {
		return data.Data
	}
	return data.Message
}
