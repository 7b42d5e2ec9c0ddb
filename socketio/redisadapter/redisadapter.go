// Package redisadapter connects servers over the channels of a Redis server, in
// the format of @socket.io/redis-adapter 8 for Node. So servers of both kinds
// can stand side by side, and @socket.io/redis-emitter reaches the clients of
// either:
//
//	bus := redisadapter.New(redis.NewClient(&redis.Options{Addr: "localhost:6379"}), nil)
//	defer bus.Close() // after io.Shutdown
//	io := socketio.New(&socketio.Options{Adapter: bus})
//
// What the format does not have is not there: an acknowledgement carries its
// first argument only, who answered a request is known by a number, a server
// whose handler fails or is missing gives no answer instead of an error, and a
// server that dies during a request is waited for until its deadline. Redis
// hands every broadcast to every server that has the namespace. A broadcast that
// is published while the connection to Redis is broken is lost.
package redisadapter

import (
	"cmp"
	"context"
	"crypto/rand"
	"log/slog"
	"strconv"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"

	"parley/socketio"
)

// Options configures an Adapter. The zero value is ready to use.
type Options struct {
	// Key begins the names of all channels; all servers and emitters must have
	// the same. Default "socket.io".
	Key string

	// SpecificResponses sends an answer to the server that has asked alone, as
	// publishOnSpecificResponseChannel does on Node. Servers of versions before
	// 7.1 do not hear it. Default false: to all.
	SpecificResponses bool

	// MaxQueueBytes bounds what waits to be sent to Redis. What exceeds it is
	// refused with ErrQueueFull. Default 16 MiB.
	MaxQueueBytes int

	// Logger is told of what cannot be sent or understood. Default
	// slog.Default().
	Logger *slog.Logger
}

const (
	defaultKey           = "socket.io"
	defaultMaxQueueBytes = 16 << 20
)

func (o *Options) withDefaults() Options {
	var opts Options
	if o != nil {
		opts = *o
	}
	opts.Key = cmp.Or(opts.Key, defaultKey)
	opts.MaxQueueBytes = cmp.Or(opts.MaxQueueBytes, defaultMaxQueueBytes)
	if opts.Logger == nil {
		opts.Logger = slog.Default()
	}
	return opts
}

// Adapter is a socketio.Adapter for one server. Release it with Close.
type Adapter struct {
	opts    Options
	client  *redis.Client
	uid     string // names this server to the others
	deliver func(*socketio.Message)

	link      link
	rooms     rooms
	questions questions
	requests  requests
}

var (
	_ socketio.Roster           = (*Adapter)(nil)
	_ socketio.NamespaceWatcher = (*Adapter)(nil)
	_ socketio.RoomWatcher      = (*Adapter)(nil)
)

// New makes an adapter that uses a client of one Redis server (or, with
// redis.NewFailoverClient, of one at a time), over its connections and one more.
// Closing the client is the caller's affair. Nil options mean defaults.
func New(client *redis.Client, opts *Options) *Adapter {
	a := &Adapter{opts: opts.withDefaults(), client: client, uid: rand.Text()}
	a.link.init(a)
	a.rooms.open = map[string]map[string]int{}
	a.questions.open = map[string]*question{}
	a.requests.open = map[uint64]*request{}
	return a
}

// Receive starts the connection; see socketio.Adapter.
func (a *Adapter) Receive(deliver func(*socketio.Message)) {
	a.deliver = deliver
	a.link.start()
}

// Close ends the connection, drops what waits, and waits for what runs.
func (a *Adapter) Close() error { return a.link.stop() }

// NamespaceOpened is called by the server.
func (a *Adapter) NamespaceOpened(name string) { a.link.subscribe(name) }

// NamespaceClosed is called by the server.
func (a *Adapter) NamespaceClosed(name string) { a.link.unsubscribe(name) }

// RoomOpened is called by the server.
func (a *Adapter) RoomOpened(namespace, room string, _ bool) { a.rooms.change(namespace, room, 1) }

// RoomClosed is called by the server.
func (a *Adapter) RoomClosed(namespace, room string, _ bool) { a.rooms.change(namespace, room, -1) }

// Peers asks Redis how many other servers listen to requests in a namespace. In
// the order of their answers, they are named "1", "2" and so on.
func (a *Adapter) Peers(ctx context.Context, namespace string) ([]string, error) {
	channel := a.requestChannel(namespace)
	counts, err := a.client.PubSubNumSub(ctx, channel).Result()
	if err != nil {
		return nil, err
	}
	var names []string
	for i := range counts[channel] - 1 { // this server is one of them
		names = append(names, strconv.FormatInt(i+1, 10))
	}
	return names, nil
}

// Names of channels: the broadcast channel of a room has the room and "#" at its
// end, the response channel of one server its uid and "#".
func (a *Adapter) broadcastChannel(namespace string) string {
	return a.opts.Key + "#" + namespace + "#"
}
func (a *Adapter) requestChannel(namespace string) string {
	return a.opts.Key + "-request#" + namespace + "#"
}
func (a *Adapter) responseChannel(namespace string) string {
	return a.opts.Key + "-response#" + namespace + "#"
}

// broadcastPattern matches the broadcast channels of a namespace and of its
// rooms.
func (a *Adapter) broadcastPattern(namespace string) string {
	literal := strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`, `]`, `\]`)
	return literal.Replace(a.broadcastChannel(namespace)) + "*"
}

// rooms are those that have sockets on this server, so that what is for others
// need not be decoded.
type rooms struct {
	mu   sync.Mutex                // guards open
	open map[string]map[string]int // by namespace and name; a socket's own room and another may share a name
}

func (r *rooms) change(namespace, room string, by int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	names := r.open[namespace]
	if names == nil {
		names = map[string]int{}
		r.open[namespace] = names
	}
	names[room] += by
	if names[room] == 0 {
		delete(names, room)
	}
	if len(names) == 0 {
		delete(r.open, namespace)
	}
}

func (r *rooms) has(namespace, room string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.open[namespace][room] > 0
}

func (r *rooms) names(namespace string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]string, 0, len(r.open[namespace]))
	for name := range r.open[namespace] {
		list = append(list, name)
	}
	return list
}
