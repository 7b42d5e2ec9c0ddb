// Package parser encodes and decodes Socket.IO packets (protocol v5): JSON
// with binary attachments. It does no input or output and starts no goroutine.
//
// A packet is one text message and, if it has attachments, the binary messages
// that follow it:
//
//	51-/admin,12["upload",{"_placeholder":true,"num":0}]   <bytes>
//	││ │      │  └ payload: JSON
//	││ │      └ acknowledgement id, if one is wanted
//	││ └ namespace, left out for "/"
//	│└ number of attachments
//	└ type
//
// JSON is kept as it came: key order, large numbers and escapes survive.
package parser
