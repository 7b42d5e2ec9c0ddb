// Package parser encodes and decodes Socket.IO packets (protocol v5): JSON
// with binary attachments. It does no input or output and starts no goroutine.
package parser
