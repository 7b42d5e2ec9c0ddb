//go:build !parley_fault

package app

import "parley/internal/chat"

// seeded is where a build that is made to fail (see internal/fault) breaks its promises. This one does not.
func seeded(store chat.Store, pub chat.Publisher) (chat.Store, chat.Publisher) { return store, pub }
