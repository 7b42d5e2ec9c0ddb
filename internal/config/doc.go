// Package config is what an operator may set: the flags of the command with
// their defaults, and what of them does not go together.
package config
