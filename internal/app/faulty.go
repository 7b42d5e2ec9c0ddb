//go:build parley_fault

package app

import (
	"parley/internal/chat"
	"parley/internal/fault"
)

// seeded breaks the promises that the environment names.
func seeded(store chat.Store, pub chat.Publisher) (chat.Store, chat.Publisher) {
	return fault.Seed(store, pub)
}
