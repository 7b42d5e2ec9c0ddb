package socketiotest

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// separator stands between the packets of a polling payload.
const separator = "\x1e"

// polling is the HTTP long-polling transport of a client.
type polling struct {
	address string
	opts    *Options
	sid     string
	ctx     context.Context // of all requests; ends with close
	cancel  context.CancelFunc
	rest    [][]byte      // packets behind the open packet
	ended   chan struct{} // closed when read returns

	mu sync.Mutex // held during a POST
}

func dialPolling(ctx context.Context, address string, o *Options) (transport, []byte, error) {
	p := &polling{address: address, opts: o, ended: make(chan struct{})}
	p.ctx, p.cancel = context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, p.cancel)
	defer stop()
	query := url.Values{}
	maps.Copy(query, o.Query)
	body, err := p.do(p.ctx, http.MethodGet, query, "")
	if err != nil {
		p.cancel()
		return nil, nil, err
	}
	packets := bytes.Split(body, []byte(separator))
	p.rest = packets[1:]
	return p, packets[0], nil
}

// do makes a request and returns the body of its response.
func (p *polling) do(ctx context.Context, method string, query url.Values, body string) ([]byte, error) {
	r, err := p.opts.request(ctx, method, p.address, query)
	if err != nil {
		return nil, err
	}
	if body != "" {
		r.Header.Set("Content-Type", "text/plain;charset=UTF-8")
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	}
	response, err := p.opts.HTTPClient.Do(r)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, refused(response)
	}
	defer response.Body.Close()
	return io.ReadAll(response.Body)
}

func (p *polling) session() url.Values { return url.Values{"sid": {p.sid}} }

func (p *polling) send(packet string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, err := p.do(p.ctx, http.MethodPost, p.session(), packet)
	return err
}

func (p *polling) sendBinary(data []byte) error {
	return p.send("b" + base64.StdEncoding.EncodeToString(data))
}

func (p *polling) read(take func(packet []byte, binary bool)) error {
	defer close(p.ended)
	packets := p.rest
	for {
		for _, packet := range packets {
			if err := takePacket(packet, take); err != nil {
				return err
			}
		}
		body, err := p.do(p.ctx, http.MethodGet, p.session(), "")
		if err != nil {
			return err
		}
		packets = bytes.Split(body, []byte(separator))
	}
}

func takePacket(packet []byte, take func(packet []byte, binary bool)) error {
	encoded, binary := bytes.CutPrefix(packet, []byte("b"))
	if !binary {
		take(packet, false)
		return nil
	}
	data, err := base64.StdEncoding.AppendDecode(nil, encoded)
	if err != nil {
		return fmt.Errorf("socketiotest: binary packet: %w", err)
	}
	take(data, true)
	return nil
}

// close tells the server, since it cannot see that nobody polls any more, and
// polls to the end, for which the server waits.
func (p *polling) close() {
	defer p.cancel()
	if p.sid == "" {
		return
	}
	const patience = time.Second
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	_, _ = p.do(ctx, http.MethodPost, p.session(), "1") // in vain if the session has ended
	select {
	case <-p.ended:
	case <-ctx.Done():
	}
}
