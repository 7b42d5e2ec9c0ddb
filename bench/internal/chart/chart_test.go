package chart

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"
)

var sample = Chart{
	Title: `Speed & "cost" <of a delivery>`,
	Note:  "less is better",
	Panels: []Panel{
		{Title: "Flood", Bound: 1, Word: "budget", Bars: []Bar{
			{Label: "a", Value: 8, Low: 7, High: 10, Text: "8.0"},
			{Label: "b", Value: 2, Low: 2, High: 2, Text: "2.0", Strong: true},
			{Label: "c", Value: 0, Text: "0"},
		}},
		{Title: "Nothing", Bars: []Bar{{Label: "a", Text: "–"}}},
	},
}

// element is what the tests look at.
type element struct {
	name  string
	attrs map[string]string
	text  string
}

func parse(t *testing.T, svg []byte) (all []element) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(string(svg)))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("not XML: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			attrs := map[string]string{}
			for _, a := range token.Attr {
				attrs[a.Name.Local] = a.Value
			}
			all = append(all, element{name: token.Name.Local, attrs: attrs})
		case xml.CharData:
			if len(all) > 0 {
				all[len(all)-1].text += strings.TrimSpace(string(token))
			}
		}
	}
}

func number(t *testing.T, words string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(words, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		t.Fatalf("%q is no number", words)
	}
	return n
}

func TestSVG_BarsAreAsLongAsTheirValues(t *testing.T) {
	var widths []float64
	for _, e := range parse(t, sample.SVG()) {
		if class := e.attrs["class"]; e.name == "rect" && class != "page" {
			widths = append(widths, number(t, e.attrs["width"]))
		}
	}
	if len(widths) != 4 {
		t.Fatalf("%d bars", len(widths))
	}
	if ratio := widths[0] / widths[1]; math.Abs(ratio-4) > 0.05 {
		t.Errorf("8 is drawn %v times as long as 2", ratio)
	}
	if widths[2] != 1 || widths[3] != 1 {
		t.Errorf("nothing is drawn %v and %v long", widths[2], widths[3])
	}
}

func TestSVG_RangeAndBoundStandWhereTheyBelong(t *testing.T) {
	lines := map[string][]element{}
	for _, e := range parse(t, sample.SVG()) {
		if e.name == "line" {
			lines[e.attrs["class"]] = append(lines[e.attrs["class"]], e)
		}
	}
	if len(lines["range"]) != 1 || len(lines["bound"]) != 1 {
		t.Fatalf("%d ranges, %d bounds", len(lines["range"]), len(lines["bound"]))
	}
	if end := number(t, lines["range"][0].attrs["x2"]); math.Abs(end-(barsAt+barsWide)) > 0.1 {
		t.Errorf("the largest figure ends at %v", end)
	}
	if at := number(t, lines["bound"][0].attrs["x1"]); math.Abs(at-(barsAt+barsWide/10)) > 0.1 {
		t.Errorf("a tenth of the scale stands at %v", at)
	}
}

func TestSVG_EverythingIsInsideThePicture(t *testing.T) {
	elements := parse(t, sample.SVG())
	height := number(t, elements[0].attrs["height"])
	for _, e := range elements[1:] {
		for _, side := range []string{"x", "x1", "x2"} {
			if v, ok := e.attrs[side]; ok && (number(t, v) < 0 || number(t, v) > width) {
				t.Errorf("%v is outside", e)
			}
		}
		for _, side := range []string{"y", "y1", "y2"} {
			if v, ok := e.attrs[side]; ok && (number(t, v) < 0 || number(t, v) > height) {
				t.Errorf("%v is outside", e)
			}
		}
	}
}

func TestSVG_WordsAreEscapedAndBothSchemesServed(t *testing.T) {
	svg := string(sample.SVG())
	if !strings.Contains(svg, "prefers-color-scheme:dark") {
		t.Error("no dark scheme")
	}
	found := false
	for _, e := range parse(t, []byte(svg)) {
		found = found || (e.name == "text" && e.text == sample.Title)
	}
	if !found {
		t.Error("the title is not there as written")
	}
}
