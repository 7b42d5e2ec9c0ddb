package config_test

import (
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"parley/internal/config"
)

// parse reads flags as the command does.
func parse(t *testing.T, args ...string) *config.Serve {
	t.Helper()
	var cfg config.Serve
	parser, err := kong.New(&cfg, kong.DefaultEnvars("PARLEY"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(args); err != nil {
		t.Fatal(err)
	}
	return &cfg
}

func TestServe_DefaultsServeThisMachineOnly(t *testing.T) {
	cfg := parse(t)
	if err := cfg.Check(); err != nil {
		t.Fatal(err)
	}
	if cfg.Listen != "127.0.0.1:3000" || cfg.Data != "./data" || cfg.Name != "" || cfg.DefaultRegistration() != "open" {
		t.Errorf("got %+v", cfg)
	}
}

func TestServe_EveryFlagIsInTheEnvironmentToo(t *testing.T) {
	t.Setenv("PARLEY_LISTEN", "localhost:1")
	t.Setenv("PARLEY_ORIGIN", "https://a.example,https://b.example")
	t.Setenv("PARLEY_SOCKETS_PER_USER", "7")
	t.Setenv("PARLEY_BEHIND_PROXY", "true")
	cfg := parse(t)
	if cfg.Listen != "localhost:1" || len(cfg.Origin) != 2 || cfg.SocketsPerUser != 7 || !cfg.BehindProxy {
		t.Errorf("got %+v", cfg)
	}
}

func TestServe_RegistrationIsOpenOnlyWhereThisMachineAloneCanReachIt(t *testing.T) {
	tests := []struct {
		args []string
		want string
	}{
		{[]string{"--listen=127.0.0.1:3000"}, "open"},
		{[]string{"--listen=localhost:3000"}, "open"},
		{[]string{"--listen=[::1]:3000"}, "open"},
		{[]string{"--listen=127.0.0.1:3000", "--behind-proxy"}, "invite"},
		{[]string{"--listen=0.0.0.0:3000", "--insecure"}, "invite"},
	}
	for _, test := range tests {
		cfg := parse(t, test.args...)
		if err := cfg.Check(); err != nil {
			t.Errorf("%v: %v", test.args, err)
		}
		if got := cfg.DefaultRegistration(); got != test.want {
			t.Errorf("%v: got %s, want %s", test.args, got, test.want)
		}
	}
}

func TestServe_RefusesWhatIsUnsafeOrCannotBe(t *testing.T) {
	tests := []struct {
		args []string
		want string // part of the sentence
	}{
		{[]string{"--listen=0.0.0.0:3000"}, "--behind-proxy"},
		{[]string{"--listen=:3000"}, "--insecure"},
		{[]string{"--listen=192.168.1.4:3000"}, "not encrypted"},
		{[]string{"--listen=chat.example.org:3000"}, "not encrypted"},
		{[]string{"--listen=3000"}, "HOST:PORT"},
		{[]string{"--registration=maybe"}, "--registration must be open, invite or closed"},
		{[]string{"--origin=chat.example.org"}, "--origin"},
		{[]string{"--origin=https://chat.example.org/"}, "--origin"},
		{[]string{"--origin=null"}, "--origin"},
		{[]string{"--send-burst=0"}, "above zero"},
		{[]string{"--drain-timeout=-1s"}, "above zero"},
	}
	for _, test := range tests {
		err := parse(t, test.args...).Check()
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: got %v, want something with %q", test.args, err, test.want)
		}
	}
}
