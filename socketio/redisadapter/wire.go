package redisadapter

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"

	"parley/socketio"
	"parley/socketio/parser"
	"parley/socketio/parser/msgpack"
)

// requestType is the number of a request or response. The names are Node's.
type requestType int

const (
	typeSockets requestType = iota
	typeAllRooms
	typeRemoteJoin
	typeRemoteLeave
	typeRemoteDisconnect
	typeRemoteFetch
	typeServerSideEmit
	typeBroadcast
	typeBroadcastClientCount
	typeBroadcastAck
)

// eventPacket is the type of packets that are broadcast; older emitters give
// those with binary data another one.
const (
	eventPacket  = 2
	binaryPacket = 5
)

// packet is an event. Data is the array of its name and arguments.
type packet struct {
	Type      int             `json:"type"`
	Data      json.RawMessage `json:"data"`
	Namespace string          `json:"nsp"`
}

// options say which sockets something is for. No rooms are all sockets.
type options struct {
	Rooms  names  `json:"rooms"`
	Except names  `json:"except"`
	Flags  *flags `json:"flags,omitempty"`
}

type flags struct {
	Volatile bool  `json:"volatile,omitempty"`
	Compress *bool `json:"compress,omitempty"`
	Timeout  int64 `json:"timeout,omitempty"` // milliseconds
}

// wireRequest is what one server asks of the others.
type wireRequest struct {
	UID       string          `json:"uid,omitempty"`
	RequestID string          `json:"requestId,omitempty"`
	Type      requestType     `json:"type"`
	Opts      *options        `json:"opts,omitempty"`
	Rooms     names           `json:"rooms,omitempty"` // to join or leave
	Close     bool            `json:"close,omitempty"`
	Data      json.RawMessage `json:"data,omitempty"`   // of an event for servers
	Packet    *packet         `json:"packet,omitempty"` // of an event for sockets
}

// wireResponse is an answer. Which fields it has depends on the request.
type wireResponse struct {
	Type      requestType     `json:"type,omitempty"`
	RequestID string          `json:"requestId"`
	Sockets   json.RawMessage `json:"sockets,omitempty"`
	Rooms     []string        `json:"rooms,omitempty"`
	Count     *int            `json:"clientCount,omitempty"`
	Data      json.RawMessage `json:"data,omitempty"`
	Packet    json.RawMessage `json:"packet,omitempty"`
	Socket    string          `json:"socket,omitempty"` // that Packet is from; Node neither sends nor looks at it
}

// names are those of rooms. On Node they may be numbers.
type names []string

// UnmarshalJSON reads an array of strings and numbers.
func (n *names) UnmarshalJSON(data []byte) error {
	var list []any
	if err := json.Unmarshal(data, &list); err != nil {
		return err
	}
	*n = make(names, 0, len(list))
	for _, name := range list {
		switch name := name.(type) {
		case string:
			*n = append(*n, name)
		case float64:
			*n = append(*n, strconv.FormatFloat(name, 'f', -1, 64))
		default:
			return fmt.Errorf("room name of type %T", name)
		}
	}
	return nil
}

// limits are those of what comes from Redis, which other servers have made.
var limits = parser.Limits{MaxAttachments: 1 << 10, MaxBytes: 512 << 20}

// decode reads JSON or MessagePack into what dest points to, and returns the
// binary data that it had.
func decode(data string, dest any) ([][]byte, error) {
	if strings.HasPrefix(data, "{") {
		return nil, json.Unmarshal([]byte(data), dest)
	}
	v, err := msgpack.Unmarshal([]byte(data), limits)
	if err != nil {
		return nil, err
	}
	return v.Attachments, json.Unmarshal(v.JSON, dest)
}

// encode makes MessagePack of a value whose JSON has placeholders of binary
// data.
func encode(value any, attachments [][]byte) ([]byte, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return msgpack.Marshal(parser.Value{JSON: text, Attachments: attachments})
}

// wireSocket is the description of a socket. Node does not know the last three;
// a member "server" it would take for a socket of its own.
type wireSocket struct {
	ID        string          `json:"id"`
	Handshake wireHandshake   `json:"handshake"`
	Rooms     names           `json:"rooms"`
	Data      json.RawMessage `json:"data"`
	Server    string          `json:"serverId,omitempty"`
	Client    string          `json:"clientId,omitempty"`
	Transport string          `json:"transport,omitempty"`
}

type wireHandshake struct {
	Headers map[string]texts `json:"headers"`
	Time    string           `json:"time"`
	Address string           `json:"address"`
	XDomain bool             `json:"xdomain"`
	Secure  bool             `json:"secure"`
	Issued  int64            `json:"issued"` // milliseconds since 1970
	URL     string           `json:"url"`
	Query   map[string]texts `json:"query"`
	Auth    json.RawMessage  `json:"auth"`
}

// texts are a string or several.
type texts []string

// MarshalJSON writes a single one as a string.
func (t texts) MarshalJSON() ([]byte, error) {
	if len(t) == 1 {
		return json.Marshal(t[0])
	}
	return json.Marshal([]string(t))
}

// UnmarshalJSON reads a string or an array of strings; what is neither is left
// out.
func (t *texts) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*t = texts{one}
		return nil
	}
	var list []string
	if json.Unmarshal(data, &list) == nil {
		*t = list
	}
	return nil
}

func toWire(s *socketio.RemoteSocket) wireSocket {
	w := wireSocket{ID: s.ID, Rooms: s.Rooms, Data: s.Data, Server: s.Server, Client: s.Client, Transport: s.Transport}
	if w.Data == nil {
		w.Data = json.RawMessage("{}")
	}
	h := s.Handshake
	w.Handshake = wireHandshake{
		Headers: map[string]texts{}, Query: map[string]texts{}, Time: h.Time.UTC().Format("Mon Jan 02 2006 15:04:05 GMT-0700"),
		Address: h.Address, XDomain: h.Headers.Get("Origin") != "", Secure: h.Secure, Issued: h.Time.UnixMilli(), URL: h.URL, Auth: h.Auth,
	}
	if h.Auth == nil {
		w.Handshake.Auth = json.RawMessage("{}")
	}
	for name, values := range h.Headers {
		w.Handshake.Headers[strings.ToLower(name)] = values
	}
	for name, values := range h.Query {
		w.Handshake.Query[name] = values
	}
	return w
}

func fromWire(w *wireSocket) socketio.RemoteSocket {
	h := &socketio.Handshake{
		Headers: http.Header{}, Query: url.Values{}, URL: w.Handshake.URL, Address: w.Handshake.Address, Auth: w.Handshake.Auth,
		Secure: w.Handshake.Secure, Time: time.UnixMilli(w.Handshake.Issued),
	}
	for name, values := range w.Handshake.Headers {
		h.Headers[textproto.CanonicalMIMEHeaderKey(name)] = values
	}
	for name, values := range w.Handshake.Query {
		h.Query[name] = values
	}
	return socketio.RemoteSocket{
		ID: w.ID, Server: w.Server, Client: w.Client, Transport: w.Transport, Handshake: h, Rooms: w.Rooms, Data: w.Data,
	}
}
