package socketio

import (
	"iter"
	"maps"
	"slices"
	"strings"
)

// matcher makes namespaces on demand.
type matcher struct {
	match  func(name string) bool
	parent *Namespace
}

// Of returns the static namespace of that name and creates it if needed. A
// missing leading slash is added.
func (s *Server) Of(name string) *Namespace {
	if !strings.HasPrefix(name, "/") {
		name = "/" + name
	}
	s.mu.Lock()
	n := s.namespaces[name]
	made := n == nil
	var told []func(*Namespace)
	if made {
		n, told = newNamespace(s, name), slices.Concat(s.each, s.made)
		s.namespaces[name] = n
	}
	if n.parent != nil && !n.static {
		s.dynamic--
	}
	n.static = true
	s.mu.Unlock()
	if made {
		s.cluster.opened(name)
	}
	s.tellMade(n, told)
	return n
}

// OfMatching returns a namespace that stands for every namespace whose name
// matches and that no call of Of has made. Its middleware and handlers serve
// them all; what is sent through it reaches the sockets of all of them that
// exist on this server. The namespaces themselves appear with their first
// socket and vanish with their last; Options.MaxNamespaces bounds their number.
// Match functions are asked in the order of their registration and must not
// wait.
func (s *Server) OfMatching(match func(name string) bool) *Namespace {
	parent := newNamespace(s, "")
	parent.children = map[string]*Namespace{}
	s.mu.Lock()
	told := s.each
	s.mu.Unlock()
	s.tellMade(parent, told)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.matchers = append(s.matchers, matcher{match, parent})
	return parent
}

// EachNamespace calls a function with every namespace that handlers can be
// registered on: those that exist, those that stand for others, and from now on
// each that Of or OfMatching makes. It is for what all of them are to have, such
// as middleware that measures.
func (s *Server) EachNamespace(f func(n *Namespace)) {
	s.mu.Lock()
	s.each = append(s.each, f)
	var list []*Namespace
	for _, n := range s.namespaces {
		if n.parent == nil {
			list = append(list, n)
		}
	}
	for _, m := range s.matchers {
		list = append(list, m.parent)
	}
	s.mu.Unlock()
	for _, n := range list {
		f(n)
	}
}

// OnNamespace adds a function that is told of each namespace that is made from
// now on, by Of or by a client, before its first socket is connected. It must
// not wait.
func (s *Server) OnNamespace(f func(n *Namespace)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made = append(s.made, f)
}

// Namespaces iterates over the namespaces that exist now, in the order of
// their names, without those that stand for others.
func (s *Server) Namespaces() iter.Seq[*Namespace] {
	s.mu.Lock()
	list := slices.SortedFunc(maps.Values(s.namespaces), func(a, b *Namespace) int { return strings.Compare(a.name, b.name) })
	s.mu.Unlock()
	return slices.Values(list)
}

// acquire returns the namespace that a client wants to connect to, which is
// kept until release, or why there is none.
func (s *Server) acquire(name string) (*Namespace, *ConnectError) {
	s.mu.Lock()
	n, matchers := s.namespaces[name], s.matchers
	if n != nil {
		n.users++
		s.mu.Unlock()
		return n, nil
	}
	s.mu.Unlock()
	for _, m := range matchers {
		matches := false
		if err := isolated(func() { matches = m.match(name) }); err != nil {
			s.opts.Logger.Error("namespace match function failed", "error", err)
		} else if matches {
			return s.acquireChild(name, m.parent)
		}
	}
	return nil, &ConnectError{Message: "Invalid namespace"}
}

func (s *Server) acquireChild(name string, parent *Namespace) (*Namespace, *ConnectError) {
	s.mu.Lock()
	n := s.namespaces[name]
	made := n == nil
	var told []func(*Namespace)
	if made && s.dynamic >= s.opts.MaxNamespaces {
		s.mu.Unlock()
		return nil, &ConnectError{Message: "Too many namespaces"}
	}
	if made {
		n, told = newNamespace(s, name), s.made
		n.table, n.parent = parent.table, parent
		s.namespaces[name] = n
		parent.children[name] = n
		s.dynamic++
	}
	n.users++
	s.mu.Unlock()
	if made {
		s.cluster.opened(name)
	}
	s.tellMade(n, told)
	return n, nil
}

func (s *Server) tellMade(n *Namespace, functions []func(*Namespace)) {
	for _, f := range functions {
		if err := isolated(func() { f(n) }); err != nil {
			s.opts.Logger.Error("namespace function failed", "namespace", n.name, "error", err)
		}
	}
}

// retain is acquire for a namespace that is in use already.
func (s *Server) retain(n *Namespace) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n.users++
}

// release undoes one acquire.
func (s *Server) release(n *Namespace) {
	s.mu.Lock()
	n.users--
	vanishes := n.users == 0 && n.parent != nil && !n.static
	if vanishes {
		delete(s.namespaces, n.name)
		delete(n.parent.children, n.name)
		s.dynamic--
	}
	s.mu.Unlock()
	if vanishes {
		s.cluster.vanished(n.name)
	}
}

// isolated calls a function of the application on a goroutine of its own, for
// a caller that reads for many connections and must outlive it.
func isolated(f func()) error {
	err := ErrExited
	returned := make(chan struct{})
	go func() {
		defer close(returned)
		err = guard(func() error {
			f()
			return nil
		})
	}()
	<-returned
	return err
}
