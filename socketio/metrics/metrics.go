// Package metrics shows a Socket.IO server to Prometheus.
//
//	io := socketio.New(nil)
//	collector := metrics.New(io)
//	collector.Watch(io.Namespace, io.Of("/admin"))
//	prometheus.MustRegister(collector)
//
// What is counted by namespace has one label for all namespaces that clients
// make, and events that nobody handles have one label together, so that no
// client can make up labels.
package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"parley/socketio"
)

// Labels for what has no name of its own.
const (
	dynamic   = "(dynamic)"   // namespaces that exist because a client asked for them
	unhandled = "(unhandled)" // events without a handler
)

// Collector collects the metrics of one server. It is a prometheus.Collector.
type Collector struct {
	io     *socketio.Server
	events *prometheus.HistogramVec

	connections, closed, sockets, rooms *prometheus.Desc
}

// New returns a collector of a server's connections, sockets and rooms; Watch
// adds events.
func New(io *socketio.Server) *Collector {
	return &Collector{
		io: io,
		events: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "socketio_event_duration_seconds",
			Help: "How long handlers took for an event.",
		}, []string{"namespace", "event", "result"}),
		connections: prometheus.NewDesc("socketio_connections", "Open Engine.IO sessions.", nil, nil),
		closed:      prometheus.NewDesc("socketio_connections_closed_total", "Ended Engine.IO sessions.", []string{"reason"}, nil),
		sockets:     prometheus.NewDesc("socketio_sockets", "Connected sockets.", []string{"namespace"}, nil),
		rooms:       prometheus.NewDesc("socketio_rooms", "Rooms with sockets, without those of single sockets.", []string{"namespace"}, nil),
	}
}

// Watch adds the events of namespaces, with the result "ok" or "error". As all
// event middleware it must be added before the first client connects; what is
// added before it is not measured.
func (c *Collector) Watch(namespaces ...*socketio.Namespace) {
	for _, n := range namespaces {
		n.UseEvent(func(next socketio.Handler) socketio.Handler {
			return socketio.HandlerFunc(func(ctx context.Context, e *socketio.Event) error {
				result := "error" // of a panic, too
				defer func(began time.Time) {
					c.events.WithLabelValues(nameOf(e.Socket.Namespace()), eventOf(e), result).Observe(time.Since(began).Seconds())
				}(time.Now())
				err := next.HandleEvent(ctx, e)
				if err == nil {
					result = "ok"
				}
				return err
			})
		})
	}
}

func nameOf(n *socketio.Namespace) string {
	if n.Dynamic() {
		return dynamic
	}
	return n.Name()
}

func eventOf(e *socketio.Event) string {
	if !e.Socket.Namespace().Handles(e.Name) {
		return unhandled
	}
	return e.Name
}

// Describe is called by the registry.
func (c *Collector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{c.connections, c.closed, c.sockets, c.rooms} {
		to <- d
	}
	c.events.Describe(to)
}

// Collect is called by the registry.
func (c *Collector) Collect(to chan<- prometheus.Metric) {
	engine := c.io.Engine()
	to <- gauge(c.connections, engine.Len())
	for reason, count := range engine.Closed() {
		to <- prometheus.MustNewConstMetric(c.closed, prometheus.CounterValue, float64(count), string(reason))
	}
	sockets, rooms := map[string]int{}, map[string]int{}
	for n := range c.io.Namespaces() {
		sockets[nameOf(n)] += n.Len()
		rooms[nameOf(n)] += len(n.Rooms())
	}
	for name := range sockets {
		to <- gauge(c.sockets, sockets[name], name)
		to <- gauge(c.rooms, rooms[name], name)
	}
	c.events.Collect(to)
}

func gauge(d *prometheus.Desc, value int, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(value), labels...)
}
