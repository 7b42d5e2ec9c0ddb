package load

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"sync"
	"testing"

	"parley/bench/internal/ws"
)

// tamper makes what happens to the event packets of one connection: n counts them from 0, and what is returned is
// sent on in their place.
type tamper func() func(n int, text []byte) [][]byte

// seventh does something to one packet only.
func seventh(instead func(text []byte) [][]byte) tamper {
	return func() func(int, []byte) [][]byte {
		return func(n int, text []byte) [][]byte {
			if n == 7 {
				return instead(text)
			}
			return [][]byte{text}
		}
	}
}

func loseOne() func(int, []byte) [][]byte {
	return seventh(func([]byte) [][]byte { return nil })()
}

func doubleOne() func(int, []byte) [][]byte {
	return seventh(func(text []byte) [][]byte { return [][]byte{text, text} })()
}

func damageOne() func(int, []byte) [][]byte {
	return seventh(func(text []byte) [][]byte {
		text[len(text)-3] ^= 1 // the last letter before the end of the JSON
		return [][]byte{text}
	})()
}

func doubleAll() func(int, []byte) [][]byte {
	return func(_ int, text []byte) [][]byte { return [][]byte{text, text} }
}

// loseRest loses all broadcasts from one on, and no acks.
func loseRest() func(int, []byte) [][]byte {
	return func(n int, text []byte) [][]byte {
		if n >= 7 && bytes.HasPrefix(text, []byte("42")) {
			return nil
		}
		return [][]byte{text}
	}
}

// swapTwo holds a message back until after the next one of the same sender.
func swapTwo() func(int, []byte) [][]byte {
	var held []byte
	return func(n int, text []byte) [][]byte {
		switch {
		case n == 7:
			held = bytes.Clone(text)
			return nil
		case held != nil && bytes.Equal(senderOf(text), senderOf(held)):
			swapped := [][]byte{text, held}
			held = nil
			return swapped
		}
		return [][]byte{text}
	}
}

func senderOf(text []byte) []byte {
	const before = len(`42["chat","`)
	return text[before : before+4]
}

// relay copies what a server says, one frame at a time, and tampers with events and acks.
func relay(to io.Writer, from io.Reader, fault func(int, []byte) [][]byte) error {
	reader := bufio.NewReader(from)
	for line := ""; line != "\r\n"; {
		var err error
		if line, err = reader.ReadString('\n'); err != nil {
			return err
		}
		if _, err := io.WriteString(to, line); err != nil {
			return err
		}
	}
	var data, chunk []byte = nil, make([]byte, 64<<10)
	for n := 0; ; {
		got, err := reader.Read(chunk)
		if err != nil {
			return err
		}
		data = append(data, chunk[:got]...)
		for {
			frame, size, err := ws.Parse(data)
			if err != nil {
				return err
			}
			if size == 0 {
				break
			}
			data = data[size:]
			texts := [][]byte{frame.Payload}
			if bytes.HasPrefix(frame.Payload, []byte("42")) || bytes.HasPrefix(frame.Payload, []byte("43")) {
				texts = fault(n, frame.Payload)
				n++
			}
			for _, text := range texts {
				if _, err := to.Write(ws.AppendServer(nil, frame.Opcode, text)); err != nil {
					return err
				}
			}
		}
	}
}

// proxy stands between clients and a server, and tampers with what the first client gets to hear.
func proxy(t *testing.T, server string, fault tamper) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var tasks sync.WaitGroup
	tasks.Go(func() {
		for first := true; ; first = false {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			upstream, err := net.Dial("tcp", server)
			if err != nil {
				_ = client.Close()
				t.Error(err)
				return
			}
			tasks.Go(func() {
				_, _ = io.Copy(upstream, client) // ends when either side closes
				_ = upstream.Close()
			})
			tasks.Go(func() {
				if first {
					_ = relay(client, upstream, fault()) // ends when either side closes
				} else {
					_, _ = io.Copy(client, upstream)
				}
				_ = client.Close()
			})
		}
	})
	t.Cleanup(func() {
		if err := listener.Close(); err != nil {
			t.Error(err)
		}
		tasks.Wait()
	})
	return listener.Addr().String()
}
