package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"time"
)

// Serve is the configuration of parley serve. The tags are read by kong; every
// flag is also PARLEY_… in the environment.
type Serve struct {
	Listen       string   `default:"127.0.0.1:3000" placeholder:"HOST:PORT" help:"Address to listen on, default 127.0.0.1:3000; port 0 picks a free one."`
	Name         string   `placeholder:"NAME" help:"Name of this server, shown to its people. Default: what its owner has set, else Parley."`
	Registration string   `placeholder:"open|invite|closed" help:"Who may create an account by logging in. Default: what the owner has set, else open on a loopback address, invite on any other or behind a proxy."`
	Origin       []string `placeholder:"URL" help:"Another web origin that may connect, such as https://chat.example.org. May be repeated."`
	BehindProxy  bool     `help:"A reverse proxy terminates TLS: trust its X-Forwarded-For and X-Forwarded-Proto."`
	Insecure     bool     `help:"Allow unencrypted connections on an address that others can reach."`
	WireView     string   `enum:"off,admins,everyone" default:"admins" help:"Who may see which sockets an event reaches: off, admins or everyone."`
	LogLevel     string   `enum:"debug,info,warn,error" default:"info" help:"The least severe log line to write: debug, info, warn or error."`

	Storage `embed:""`
	Limits  `embed:"" group:"Limits"`
}

// Limits are the bounds of what one client, user or address may do.
type Limits struct {
	SessionLife       time.Duration `default:"2160h" help:"A login that is not used for this long is over, default 90 days."`
	LoginDeadline     time.Duration `default:"10s" help:"How long a connection may stay without logging in."`
	LoginsPerMinute   int           `default:"5" help:"Login attempts a minute for one address and name."`
	LoginBurst        int           `default:"10" help:"Login attempts at once for one address and name."`
	SendsPerSecond    int           `default:"10" help:"Messages a second of one user."`
	SendBurst         int           `default:"50" help:"Messages at once of one user."`
	TypingInterval    time.Duration `default:"3s" help:"Time between two typing notices of one user in one room."`
	EventBytes        int           `default:"65536" help:"Size of the largest event or JSON body."`
	FileBytes         int64         `default:"100000000" help:"Size of the largest file that can be uploaded."`
	SocketsPerUser    int           `default:"50" help:"Connections of one user."`
	SocketsPerAddress int           `default:"200" help:"Connections of one address; an IPv6 /64 network counts as one."`
	PresenceGrace     time.Duration `default:"10s" help:"Time from the last connection of a person to offline."`
	DrainTimeout      time.Duration `default:"10s" help:"Longest time from SIGTERM to exit."`
}

// Check tells what of the configuration cannot be, in words for the operator.
func (s *Serve) Check() error {
	if _, _, err := net.SplitHostPort(s.Listen); err != nil {
		return fmt.Errorf("--listen must be HOST:PORT, not %q", s.Listen)
	}
	switch s.Registration {
	case "", "open", "invite", "closed":
	default:
		return fmt.Errorf("--registration must be open, invite or closed, not %q", s.Registration)
	}
	for _, origin := range s.Origin {
		if err := checkOrigin(origin); err != nil {
			return err
		}
	}
	if !s.loopback() && !s.BehindProxy && !s.Insecure {
		return fmt.Errorf("others can reach %s and the connection is not encrypted: "+
			"put a proxy with TLS in front and say --behind-proxy, or say --insecure", s.Listen)
	}
	return s.Limits.check()
}

// DefaultRegistration is who may create an account until somebody says
// otherwise: the safe choice for who can reach the server.
func (s *Serve) DefaultRegistration() string {
	if s.loopback() && !s.BehindProxy {
		return "open"
	}
	return "invite"
}

// loopback reports whether only this machine can reach the address.
func (s *Serve) loopback() bool {
	host, _, _ := net.SplitHostPort(s.Listen)
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

func checkOrigin(origin string) error {
	u, err := url.Parse(origin)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || origin != u.Scheme+"://"+u.Host {
		return fmt.Errorf("--origin must be like https://chat.example.org, without a path, not %q", origin)
	}
	return nil
}

func (l *Limits) check() error {
	counts := []int{l.LoginsPerMinute, l.LoginBurst, l.SendsPerSecond, l.SendBurst, l.EventBytes, l.SocketsPerUser, l.SocketsPerAddress}
	for _, count := range counts {
		if count <= 0 {
			return errors.New("limits must be above zero")
		}
	}
	if l.FileBytes <= 0 {
		return errors.New("limits must be above zero")
	}
	for _, period := range []time.Duration{l.SessionLife, l.LoginDeadline, l.TypingInterval, l.PresenceGrace, l.DrainTimeout} {
		if period <= 0 {
			return errors.New("limits must be above zero")
		}
	}
	return nil
}
