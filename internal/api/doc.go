// Package api is what a client may ask of Parley, whichever way it asks: each
// event of docs/protocol.md is registered once, and Socket.IO and HTTP both
// answer it from the same table.
//
// What an event does to the socket it came from is not here but in socketapi,
// which registers those events itself.
package api
