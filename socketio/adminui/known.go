package adminui

import (
	"hash/maphash"
	"strings"

	"parley/socketio"
)

// remember notes what the pages know of a socket, and reports whether they knew
// something else of it.
func (a *admin) remember(namespace string, d *socketio.RemoteSocket) (changed bool) {
	if d.Server != a.io.ID() {
		return false
	}
	var h maphash.Hash
	h.SetSeed(a.seed)
	_, _ = h.WriteString(d.Transport) // never fails
	_, _ = h.Write(d.Data)            // never fails
	hash := h.Sum64()
	key := keyOf(namespace, d.ID)
	a.mu.Lock()
	defer a.mu.Unlock()
	before, known := a.known[key]
	a.known[key] = hash
	return known && before != hash
}

func (a *admin) forget(namespace, id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.known, keyOf(namespace, id))
}

// keyOf names a socket; ids have no space.
func keyOf(namespace, id string) string { return id + " " + namespace }

func splitKey(key string) (namespace, id string) {
	id, namespace, _ = strings.Cut(key, " ")
	return namespace, id
}
