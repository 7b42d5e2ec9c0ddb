package msgpack_test

import (
	"fmt"

	"parley/socketio"
	"parley/socketio/parser"
	"parley/socketio/parser/msgpack"
)

// A server for clients that use socket.io-msgpack-parser.
func Example() {
	io := socketio.New(&socketio.Options{Parser: msgpack.Parser{}})
	_ = io.Emit("news", "small")

	message, _ := msgpack.Parser{}.Encode(&parser.Packet{Type: parser.Event, Payload: parser.Value{JSON: []byte(`["a",1]`)}})
	fmt.Printf("%q\n", message)
	// Output: "\x83\xa4type\x02\xa3nsp\xa1/\xa4data\x92\xa1a\x01"
}
