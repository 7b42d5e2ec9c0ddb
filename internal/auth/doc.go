// Package auth answers who may come in and how often they may try: password
// hashes, the login throttle, session cookies, client addresses.
package auth
