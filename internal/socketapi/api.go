package socketapi

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"

	"parley/internal/api"
	"parley/internal/auth"
	"parley/internal/chat"
	"parley/socketio"
	"parley/socketio/engineio"
)

// API serves the chat over Socket.IO. It is an http.Handler for /socket.io/ and
// the chat's Publisher.
type API struct {
	opts     Options
	io       *socketio.Server
	gate     *gatekeeper
	limits   *limits
	presence *presence
	people   *locks
	inFlight gauge
	tasks    tasks
	heads    *heads
	traces   *traces
	routes   *routes
	draining atomic.Bool

	deliveries *deliveries

	// Set once by Serve, before the first request.
	chat  *chat.Service
	login *auth.Gate
	table *api.Table
}

// New returns an API that can publish; Serve lets clients in. Nil options are
// the defaults.
func New(opts *Options) *API {
	a := &API{opts: opts.withDefaults(), people: newLocks()}
	a.gate = newGatekeeper(a.opts.Origins)
	a.limits = newLimits(a.opts)
	a.io = socketio.New(&socketio.Options{
		Engine: engineio.Options{
			Authorize:  a.gate.authorize,
			GenerateID: a.gate.sessionID,
			Logger:     a.opts.Logger,
		},
		ConnectTimeout: a.opts.LoginDeadline,
		ErrorReply:     a.errorReply,
		Client:         a.opts.Client,
		Logger:         a.opts.Logger,
	})
	a.traces = newTraces(a.io)
	a.routes = newRoutes()
	a.heads = newGatherer(a.opts.HeadEvery, a.tellHeads)
	a.deliveries = newGatherer(deliverEvery, a.tellDeliveries)
	a.presence = newPresence(a.opts.PresenceGrace, a.opts.PresenceBatch, a.gone)
	return a
}

// Serve connects the API to the chat, adds to the table what needs to know who
// is here, and registers every event. It is called once, before the first
// request.
func (a *API) Serve(service *chat.Service, login *auth.Gate, table *api.Table) {
	a.chat = service
	a.login = login
	a.table = table
	a.io.Use(a.connect)
	a.io.OnConnect(a.connected)
	a.register()
}

// ServeHTTP serves the Engine.IO requests of clients.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if origin := r.Header.Get("Origin"); origin != "" && a.gate.allowed(r) {
		w.Header().Set("Access-Control-Allow-Origin", origin)
		w.Header().Add("Vary", "Origin")
	}
	a.io.ServeHTTP(w, r)
}

// Drain tells every socket when to come back, each a different time, refuses
// new events and waits for those that are being handled, or for ctx.
func (a *API) Drain(ctx context.Context) error {
	a.draining.Store(true)
	a.announceDrain()
	return a.inFlight.wait(ctx)
}

// Shutdown delivers what is queued, closes every connection and waits until
// all is released, or for ctx. Clients see a lost connection and come back. Those
// who were here were last seen now.
func (a *API) Shutdown(ctx context.Context) error {
	err := a.io.Shutdown(ctx)
	a.deliveries.flush()
	err = errors.Join(err, a.tasks.close(ctx))
	here, waited := a.presence.close(ctx)
	a.seen(ctx, here...)
	return errors.Join(err, waited)
}
