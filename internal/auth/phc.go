package auth

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

const (
	saltBytes = 16
	sumBytes  = 32
)

// params are the costs of one hash: memory in KiB, passes, lanes.
type params struct {
	memory  uint32
	time    uint32
	threads uint8
}

// encode writes the PHC string format, as libsodium and others read it:
// $argon2id$v=19$m=47104,t=1,p=1$<salt>$<sum>, base64 without padding.
func (p params) encode(salt, sum []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.memory, p.time, p.threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(sum))
}

var errPHC = errors.New("a stored password hash is not an argon2id PHC string")

// Bounds of what a stored string may ask for, so that a damaged row cannot take
// the machine's memory.
const (
	maxMemory = 1 << 20 // KiB
	maxTime   = 16
)

func parsePHC(s string) (p params, salt, sum []byte, err error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return params{}, nil, nil, errPHC
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.time, &p.threads); err != nil {
		return params{}, nil, nil, errPHC
	}
	if p.memory == 0 || p.memory > maxMemory || p.time == 0 || p.time > maxTime || p.threads == 0 {
		return params{}, nil, nil, errPHC
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	sum, sumErr := base64.RawStdEncoding.DecodeString(parts[5])
	if saltErr != nil || sumErr != nil || len(sum) != sumBytes {
		return params{}, nil, nil, errPHC
	}
	return p, salt, sum, nil
}
