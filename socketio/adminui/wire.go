package adminui

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"time"

	"parley/socketio"
)

// Events for the page, and one between servers.
const (
	eventSession      = "session"
	eventConfig       = "config"
	eventStats        = "server_stats"
	eventAll          = "all_sockets"
	eventConnected    = "socket_connected"
	eventUpdated      = "socket_updated"
	eventDisconnected = "socket_disconnected"
	eventJoined       = "room_joined"
	eventLeft         = "room_left"
	eventReceived     = "event_received"
	eventSent         = "event_sent"

	eventWatch = "adminui:watch" // to other servers: somebody watches, report
)

type config struct {
	SupportedFeatures []string `json:"supportedFeatures"`
}

// serverStats is a report of one server.
type serverStats struct {
	ServerID   string           `json:"serverId"`
	Hostname   string           `json:"hostname"`
	PID        int              `json:"pid"`
	Uptime     float64          `json:"uptime"` // seconds
	Clients    int              `json:"clientsCount"`
	Polling    int              `json:"pollingClientsCount"`
	Events     []aggregate      `json:"aggregatedEvents"`
	Namespaces []namespaceStats `json:"namespaces"`
}

type namespaceStats struct {
	Name    string `json:"name"`
	Sockets int    `json:"socketsCount"`
}

// aggregate says how often something has happened since the last report.
type aggregate struct {
	Timestamp int64  `json:"timestamp"` // of the report, milliseconds since 1970, whole seconds
	Type      string `json:"type"`
	SubType   string `json:"subType,omitempty"`
	Count     int    `json:"count"`
}

// socket is what the page knows of a socket.
type socket struct {
	ID        string          `json:"id"`
	ClientID  string          `json:"clientId"`
	Transport string          `json:"transport"`
	Namespace string          `json:"nsp"`
	Data      json.RawMessage `json:"data"`
	Handshake handshake       `json:"handshake"`
	Rooms     []string        `json:"rooms"`
}

// handshake is a Handshake in the words of Node, without what is secret.
type handshake struct {
	Address string            `json:"address"`
	Headers map[string]string `json:"headers"`
	Query   map[string]string `json:"query"`
	Issued  int64             `json:"issued"` // milliseconds since 1970
	Secure  bool              `json:"secure"`
	Time    string            `json:"time"`
	URL     string            `json:"url"`
	XDomain bool              `json:"xdomain"`
}

// update is what has changed of a socket.
type update struct {
	ID        string          `json:"id"`
	Namespace string          `json:"nsp"`
	Transport string          `json:"transport"`
	Data      json.RawMessage `json:"data"`
}

// shown turns a description into what the page gets.
func shown(d *socketio.RemoteSocket, namespace string) socket {
	s := socket{ID: d.ID, ClientID: d.Client, Transport: d.Transport, Namespace: namespace, Rooms: d.Rooms, Data: shownData(d.Data)}
	if d.Handshake != nil {
		s.Handshake = shownHandshake(d.Handshake)
	}
	return s
}

// shownData makes an object of the data, which is what the page expects.
func shownData(data json.RawMessage) json.RawMessage {
	switch {
	case len(data) == 0:
		return json.RawMessage("{}")
	case data[0] != '{':
		return bytes.Join([][]byte{[]byte(`{"value":`), data, []byte("}")}, nil)
	default:
		return data
	}
}

// secret are the headers that are shown to nobody.
var secret = map[string]bool{"Cookie": true, "Authorization": true, "Proxy-Authorization": true}

func shownHandshake(h *socketio.Handshake) handshake {
	out := handshake{
		Address: addressOf(h), Headers: map[string]string{}, Query: map[string]string{}, Issued: h.Time.UnixMilli(),
		Secure: h.Secure, Time: h.Time.Format("Mon Jan 02 2006 15:04:05 GMT-0700"), URL: h.URL, XDomain: h.Headers.Get("Origin") != "",
	}
	for name, values := range h.Headers {
		if !secret[http.CanonicalHeaderKey(name)] {
			out.Headers[strings.ToLower(name)] = strings.Join(values, ", ")
		}
	}
	for name := range h.Query {
		out.Query[name] = h.Query.Get(name)
	}
	return out
}

// addressOf is where a client says, or a proxy in front of the server, that it
// comes from.
func addressOf(h *socketio.Handshake) string {
	for _, name := range []string{"Cf-Connecting-Ip", "X-Forwarded-For"} {
		if address := h.Headers.Get(name); address != "" {
			return address
		}
	}
	host, _, err := net.SplitHostPort(h.Address)
	if err != nil {
		return h.Address
	}
	return host
}

// now is the time as JavaScript's dates have it.
func now() string { return time.Now().UTC().Format("2006-01-02T15:04:05.000Z") }
