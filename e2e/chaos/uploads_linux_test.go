package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// uploads are files that somebody uploads one after the other until the server does not answer.
type uploads struct {
	token string
	count atomic.Int64
	done  sync.WaitGroup
	taken []upload // after done
}

// upload is a file that the server has taken.
type upload struct {
	url     string
	content string
}

func startUploads(w *world) *uploads {
	u := &uploads{token: w.town.People[1].Token}
	u.done.Go(func() {
		for n := 0; ; n++ {
			one := upload{content: strings.Repeat(fmt.Sprintf("line of file %d\n", n), 500)}
			var err error
			if one.url, err = u.upload(w.server.URL(), one.content); err != nil {
				return // nobody knows whether this one is there
			}
			u.taken = append(u.taken, one)
			u.count.Add(1)
		}
	})
	return u
}

// upload uploads a text and returns where it can be read.
func (u *uploads) upload(server, content string) (string, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "notes.txt")
	if err != nil {
		return "", err
	}
	if _, err := io.WriteString(part, content); err != nil {
		return "", err
	}
	if err := form.Close(); err != nil {
		return "", err
	}
	request, err := http.NewRequest(http.MethodPost, server+"/api/v1/files", &body)
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", form.FormDataContentType())
	var answer struct{ File struct{ URL string } }
	text, err := u.do(request)
	if err != nil {
		return "", err
	}
	err = json.Unmarshal(text, &answer)
	return answer.File.URL, err
}

// do makes a request that must succeed and returns what is answered.
func (u *uploads) do(request *http.Request) ([]byte, error) {
	request.Header.Set("Authorization", "Bearer "+u.token)
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", request.URL, response.Status)
	}
	return io.ReadAll(response.Body)
}

// lost counts the files that were taken and are not there as they were.
func (u *uploads) lost(t *testing.T, w *world) (n int) {
	t.Helper()
	u.done.Wait()
	for _, one := range u.taken {
		request, err := http.NewRequest(http.MethodGet, w.server.URL()+one.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := u.do(request); err != nil || string(text) != one.content {
			n++
		}
	}
	return n
}
