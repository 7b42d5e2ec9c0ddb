// Package chart draws bars as SVG that reads well on light and on dark pages, without scripts and fonts of its own.
package chart

import (
	"fmt"
	"strings"
)

// Chart is a picture with one or more panels, each with a scale of its own.
type Chart struct {
	Title  string
	Note   string // one line under the title
	Panels []Panel
}

// Panel compares bars.
type Panel struct {
	Title string
	Bars  []Bar
	Bound float64 // where a dashed line stands; 0 for none
	Word  string  // what the line is called
}

// Bar is one figure. Values are not negative.
type Bar struct {
	Label     string
	Value     float64
	Low, High float64 // the range, drawn as a thin line; equal for none
	Text      string  // the value as people read it
	Strong    bool    // the bar that the picture is about
}

// Sizes in pixels.
const (
	width    = 760
	margin   = 20
	labels   = 210 // width of the column of labels
	figures  = 80  // width of the column of texts
	row      = 24
	bar      = 15
	heading  = 34 // of a panel
	gap      = 22 // after a panel, where the bound's word stands
	titles   = 62 // above the first panel
	barsAt   = margin + labels
	barsWide = width - margin - barsAt - figures
)

// style follows the reader's choice of light or dark.
const style = `
text{font:13px system-ui,sans-serif;fill:#1f2328}
.page{fill:#ffffff;stroke:#d1d9e0}
.title{font-size:17px;font-weight:600}
.head{font-weight:600}
.note{fill:#59636e}
.bar{fill:#9aa4b0}
.strong{fill:#2563c9}
.range{stroke:#1f2328;stroke-width:1.5}
.bound{stroke:#b3261e;stroke-width:1.5;stroke-dasharray:5 4}
.word{fill:#b3261e;font-size:11px}
@media (prefers-color-scheme:dark){
text{fill:#e6edf3}
.page{fill:#0d1117;stroke:#3d444d}
.note{fill:#9198a1}
.bar{fill:#59636e}
.strong{fill:#6ea8fe}
.range{stroke:#e6edf3}
.bound{stroke:#ff8a80}
.word{fill:#ff8a80}
}
`

// SVG draws the chart.
func (c Chart) SVG() []byte {
	var b strings.Builder
	height := titles + margin
	for _, p := range c.Panels {
		height += p.height()
	}
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="%s">`,
		width, height, width, height, escape(c.Title))
	fmt.Fprintf(&b, "\n<title>%s</title>\n<style>%s</style>\n", escape(c.Title), style)
	fmt.Fprintf(&b, `<rect class="page" x="0.5" y="0.5" width="%d" height="%d" rx="8"/>`+"\n", width-1, height-1)
	text(&b, "title", margin, 30, "start", c.Title)
	text(&b, "note", margin, 50, "start", c.Note)
	y := titles
	for _, p := range c.Panels {
		p.draw(&b, y)
		y += p.height()
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

func (p Panel) height() int { return heading + len(p.Bars)*row + gap }

// draw draws the panel below y.
func (p Panel) draw(b *strings.Builder, y int) {
	text(b, "head", margin, y+22, "start", p.Title)
	scale := p.scale()
	for i, one := range p.Bars {
		one.draw(b, y+heading+i*row, scale)
	}
	if p.Bound > 0 {
		x := barsAt + p.Bound*scale
		fmt.Fprintf(b, `<line class="bound" x1="%.1f" y1="%d" x2="%.1f" y2="%d"/>`+"\n", x, y+heading-4, x, y+heading+len(p.Bars)*row-4)
		text(b, "word", x, y+heading+len(p.Bars)*row+8, "middle", p.Word)
	}
}

// scale is how many pixels a unit takes: the largest figure, or the bound, is as wide as there is room.
func (p Panel) scale() float64 {
	largest := p.Bound
	for _, one := range p.Bars {
		largest = max(largest, one.Value, one.High)
	}
	if largest <= 0 {
		return 0
	}
	return barsWide / largest
}

func (one Bar) draw(b *strings.Builder, y int, scale float64) {
	class := "bar"
	if one.Strong {
		class = "strong"
	}
	text(b, "", barsAt-10, y+bar-3, "end", one.Label)
	long := max(one.Value*scale, 1) // even the least is seen
	fmt.Fprintf(b, `<rect class="%s" x="%d" y="%d" width="%.1f" height="%d" rx="2"/>`+"\n", class, barsAt, y, long, bar)
	if one.High > one.Low {
		fmt.Fprintf(b, `<line class="range" x1="%.1f" y1="%d" x2="%.1f" y2="%d"/>`+"\n",
			barsAt+one.Low*scale, y+bar/2, barsAt+one.High*scale, y+bar/2)
	}
	text(b, "", width-margin, y+bar-3, "end", one.Text)
}

func text(b *strings.Builder, class string, x float64, y int, anchor, words string) {
	if class != "" {
		class = fmt.Sprintf(` class="%s"`, class)
	}
	fmt.Fprintf(b, `<text%s x="%.1f" y="%d" text-anchor="%s">%s</text>`+"\n", class, x, y, anchor, escape(words))
}

func escape(words string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(words)
}
