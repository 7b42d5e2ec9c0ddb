package app_test

import (
	"strings"
	"testing"

	"parley/internal/chat"
	"parley/internal/config"
)

// Every event that has a rule is served, and to strangers only if the rule says so.
func TestRules_StrangersMayLogInOnly(t *testing.T) {
	parley := start(t, func(c *config.Serve) { c.WireView = "everyone" })
	ann, stranger := parley.person(t, "ann"), parley.dial(t, nil)
	for event, rule := range chat.Rules() {
		if strings.HasPrefix(event, "file:") || event == "auth:logout" {
			continue // no events, and the end of ann's device
		}
		code := stranger.call(event, m{}).Error.Code
		if rule.Open != chat.Stranger && code != "unauthorized" || rule.Open == chat.Stranger && code == "unauthorized" {
			t.Errorf("%s answers a stranger %q", event, code)
		}
		if got := ann.call(event, m{}); got.Error.Message == "There is no such event." {
			t.Errorf("%s has a rule and is not served", event)
		}
		status, _, a := parley.post(t, "/api/v1/"+strings.ReplaceAll(event, ":", "/"), m{}, nil)
		if a.OK || status != 401 && status != 404 {
			t.Errorf("%s over HTTP answers a stranger %d", event, status)
		}
	}
}
