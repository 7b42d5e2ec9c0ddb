package wire_test

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/wire"
)

func TestDecodeQuery_ReadsWhatJSONWould(t *testing.T) {
	query, err := url.ParseQuery("room=%23Design&to=%40bob&to=7001&cid=12&body=true&reply_to=3&files=12&later=x")
	if err != nil {
		t.Fatal(err)
	}
	var in wire.SendRequest
	if err := wire.DecodeQuery(query, &in); err != nil {
		t.Fatal(err)
	}
	three := int64(3)
	want := wire.SendRequest{Room: "#Design", To: wire.UserRefs{"@bob", "7001"}, CID: "12", Body: "true", ReplyTo: &three, Files: []wire.ID{12}}
	if diff := cmp.Diff(want, in); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeQuery_NamesTheParameterThatIsWrong(t *testing.T) {
	for query, want := range map[string]string{
		"seq=many":       "The field seq must be a whole number.",
		"seq=":           "The field seq must be a whole number.",
		"seq=1.5":        "The field seq must be a whole number.",
		"seq=1&seq=2":    "The field seq must be given once.",
		"unread=perhaps": "The field unread must be true or false.",
		"unread=1":       "The field unread must be true or false.",
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if err := wire.DecodeQuery(values, new(wire.ReadRequest)); err == nil || err.Error() != want {
			t.Errorf("%s: %v", query, err)
		}
	}
}
