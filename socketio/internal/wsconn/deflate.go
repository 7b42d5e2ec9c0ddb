package wsconn

import (
	"bytes"
	"compress/flate"
	"io"
	"strings"
	"sync"
)

// The extension permessage-deflate (RFC 7692) is spoken without context
// takeover in both directions: a connection keeps no window, and a compressed
// frame is the same for every recipient.
const deflateResponse = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"

// negotiateDeflate returns the response to the first offer of
// permessage-deflate that can be accepted, or "".
func negotiateDeflate(offers []string) string {
	for _, list := range offers {
		for offer := range strings.SplitSeq(list, ",") {
			if response := acceptDeflate(offer); response != "" {
				return response
			}
		}
	}
	return ""
}

// acceptDeflate follows RFC 7692, section 7.1: an offer with a parameter that
// is unknown, double, or asks for less than the full window, is declined.
func acceptDeflate(offer string) string {
	name, rest, _ := strings.Cut(offer, ";")
	if !strings.EqualFold(strings.TrimSpace(name), "permessage-deflate") {
		return ""
	}
	response, seen := deflateResponse, map[string]bool{}
	for parameter := range strings.SplitSeq(rest, ";") {
		key, value, valued := strings.Cut(strings.TrimSpace(parameter), "=")
		if key == "" && rest == "" {
			break
		}
		if seen[key] {
			return ""
		}
		seen[key] = true
		switch {
		case (key == "server_no_context_takeover" || key == "client_no_context_takeover") && !valued:
		case key == "client_max_window_bits": // a smaller window can always be read
		case key == "server_max_window_bits" && strings.Trim(value, `"`) == "15":
			response += "; server_max_window_bits=15"
		default:
			return ""
		}
	}
	return response
}

// The end of a flushed block, which is not sent, and an empty last block, which
// lets the reader see the end (RFC 7692, section 7.2).
const (
	deflateTail    = "\x00\x00\xff\xff"
	inflateTrailer = deflateTail + "\x01\x00\x00\xff\xff"
)

// Deflater compresses messages. It is for many goroutines.
type Deflater struct {
	Level int // of compress/flate

	writers sync.Pool
}

// AppendFrame appends the compressed, unmasked, final frame of a message. If
// that is not smaller, it returns dst as it was.
func (d *Deflater) AppendFrame(dst []byte, op Opcode, payload []byte) ([]byte, error) {
	var compressed bytes.Buffer
	w, ok := d.writers.Get().(*flate.Writer)
	if ok {
		w.Reset(&compressed)
	} else {
		var err error
		if w, err = flate.NewWriter(&compressed, d.Level); err != nil {
			return dst, err
		}
	}
	defer d.writers.Put(w)
	if _, err := w.Write(payload); err != nil {
		return dst, err
	}
	if err := w.Flush(); err != nil {
		return dst, err
	}
	body := bytes.TrimSuffix(compressed.Bytes(), []byte(deflateTail))
	if len(body) >= len(payload) {
		return dst, nil
	}
	dst = appendHeader(dst, finBit|rsv1Bit|byte(op), 0, len(body))
	return append(dst, body...), nil
}

// inflaters lends what inflates messages.
type inflaters struct{ pool sync.Pool }

// inflater is a decompressor with the buffer that it fills.
type inflater struct {
	reader io.ReadCloser
	buffer bytes.Buffer
}

// keepBuffer is the size above which a buffer is not kept for the next message.
const keepBuffer = 64 << 10

// inflate calls use with the decompressed payload, of at most limit bytes.
func (p *inflaters) inflate(payload []byte, limit int64, use func([]byte) error) error {
	z, ok := p.pool.Get().(*inflater)
	if !ok {
		z = new(inflater)
	}
	defer p.put(z)
	source := io.MultiReader(bytes.NewReader(payload), strings.NewReader(inflateTrailer))
	if z.reader == nil {
		z.reader = flate.NewReader(source)
	} else if err := z.reader.(flate.Resetter).Reset(source, nil); err != nil {
		return err
	}
	n, err := z.buffer.ReadFrom(io.LimitReader(z.reader, limit+1))
	if err != nil {
		return &CloseError{CloseInvalidData, "message does not inflate"}
	}
	if n > limit {
		return &CloseError{CloseTooBig, "message too big"}
	}
	return use(z.buffer.Bytes())
}

func (p *inflaters) put(z *inflater) {
	z.buffer.Reset()
	if z.buffer.Cap() > keepBuffer {
		z.buffer = bytes.Buffer{}
	}
	p.pool.Put(z)
}
