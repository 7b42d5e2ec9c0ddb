package chat

import (
	_ "embed"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Limits of a password.
const (
	minPasswordChars = 8
	maxPasswordBytes = 1024
)

//go:embed common_passwords.txt
var commonPasswords string

// passwords knows which passwords everybody tries first.
type passwords map[string]bool

func newPasswords() passwords {
	p := make(passwords)
	for line := range strings.Lines(commonPasswords) {
		if !strings.HasPrefix(line, "#") {
			p[strings.TrimSpace(line)] = true
		}
	}
	return p
}

// check tells whether a password may be chosen. Error: Invalid, field password.
func (p passwords) check(password string) error {
	if utf8.RuneCountInString(password) < minPasswordChars {
		return invalidField("password", "The password must have at least %d characters.", minPasswordChars)
	}
	if len(password) > maxPasswordBytes {
		return invalidField("password", "The password must not be longer than %d bytes.", maxPasswordBytes)
	}
	if p[strings.ToLower(password)] {
		return invalidField("password", "This password is among those that are tried first. Choose another.")
	}
	return nil
}

// normalPassword makes one password of the ways in which keyboards write it.
func normalPassword(password string) string { return norm.NFC.String(password) }
