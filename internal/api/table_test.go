package api_test

import (
	"context"
	"testing"

	"parley/internal/api"
	"parley/internal/chat"
	"parley/internal/wire"
)

func TestTable_RefusesToServeWhatHasNoRule(t *testing.T) {
	table := api.New(nil, nil)
	if err := table.Check(); err != nil {
		t.Fatal(err)
	}
	api.On(table, "room:explode", func(context.Context, chat.Session, wire.Empty) (wire.Accepted, error) {
		return wire.Accepted{}, nil
	})
	table.Offer("GET /secrets")
	if err := table.Check(); err == nil || err.Error() != "nothing says who may ask for room:explode, GET /secrets" {
		t.Errorf("got %v", err)
	}
}
