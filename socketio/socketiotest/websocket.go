package socketiotest

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"parley/socketio/internal/wsconn"
)

// webSocket is the WebSocket transport of a client.
type webSocket struct {
	stream io.ReadWriteCloser
	parser wsconn.Parser
	take   func(packet []byte, binary bool)

	mu sync.Mutex // held while writing
}

// maxMessage is the size of the largest message that is accepted.
const maxMessage = 64 << 20

func dialWebSocket(ctx context.Context, address string, o *Options) (transport, []byte, error) {
	stream, err := upgrade(ctx, address, o)
	if err != nil {
		return nil, nil, err
	}
	ws := &webSocket{stream: stream}
	ws.parser = wsconn.NewParser(&wsconn.Config{MaxMessage: maxMessage, MaxFragments: 1, Client: true})
	var open []byte
	var rest []Message
	ws.take = func(packet []byte, binary bool) {
		if open == nil {
			open = packet
		} else {
			rest = append(rest, Message{packet, binary})
		}
	}
	stop := context.AfterFunc(ctx, ws.close)
	defer stop()
	for open == nil {
		if err := ws.fill(); err != nil {
			ws.close()
			return nil, nil, fmt.Errorf("wait for the open packet: %w", err)
		}
	}
	return &opened{ws, rest}, open, nil
}

// opened is a WebSocket that has received packets behind the open packet.
type opened struct {
	*webSocket
	rest []Message
}

func (o *opened) read(take func(packet []byte, binary bool)) error {
	for _, m := range o.rest {
		take(m.Data, m.Binary)
	}
	return o.webSocket.read(take)
}

// upgrade makes an HTTP connection a WebSocket.
func upgrade(ctx context.Context, address string, o *Options) (io.ReadWriteCloser, error) {
	query := url.Values{}
	maps.Copy(query, o.Query)
	r, err := o.request(ctx, http.MethodGet, address, query)
	if err != nil {
		return nil, err
	}
	var key [16]byte
	rand.Read(key[:])
	r.Header.Set("Upgrade", "websocket")
	r.Header.Set("Connection", "Upgrade")
	r.Header.Set("Sec-WebSocket-Version", "13")
	r.Header.Set("Sec-WebSocket-Key", base64.StdEncoding.EncodeToString(key[:]))
	response, err := o.HTTPClient.Do(r)
	if err != nil {
		return nil, err
	}
	stream, ok := response.Body.(io.ReadWriteCloser)
	if response.StatusCode != http.StatusSwitchingProtocols || !ok {
		return nil, refused(response)
	}
	return stream, nil
}

// refused makes an error of a response and closes it.
func refused(response *http.Response) error {
	defer response.Body.Close()
	const enough = 1000
	body, err := io.ReadAll(io.LimitReader(response.Body, enough))
	if err != nil {
		return err
	}
	return fmt.Errorf("socketiotest: %s: %s", response.Status, strings.TrimSpace(string(body)))
}

func (ws *webSocket) send(packet string) error { return ws.write(wsconn.OpText, []byte(packet)) }

func (ws *webSocket) sendBinary(data []byte) error { return ws.write(wsconn.OpBinary, data) }

func (ws *webSocket) write(op wsconn.Opcode, payload []byte) error {
	var key [4]byte
	rand.Read(key[:])
	ws.mu.Lock()
	defer ws.mu.Unlock()
	_, err := ws.stream.Write(wsconn.AppendMasked(nil, op, payload, key))
	return err
}

func (ws *webSocket) read(take func(packet []byte, binary bool)) error {
	ws.take = take
	for {
		if err := ws.fill(); err != nil {
			ws.close()
			return err
		}
	}
}

// fill reads once.
func (ws *webSocket) fill() error {
	buf := make([]byte, 32<<10)
	n, err := ws.stream.Read(buf)
	if n > 0 {
		if err := ws.parser.Parse(buf[:n], ws); err != nil {
			return err
		}
	}
	return err
}

// Message is called by the parser.
func (ws *webSocket) Message(payload []byte, binary bool) error {
	ws.take(bytes.Clone(payload), binary)
	return nil
}

// Control is called by the parser.
func (ws *webSocket) Control(op wsconn.Opcode, payload []byte) error {
	if op == wsconn.OpClose {
		return fmt.Errorf("socketiotest: closed by the server with code %d", wsconn.CloseCode(payload))
	}
	return nil
}

func (ws *webSocket) close() { _ = ws.stream.Close() } // nothing is owed
