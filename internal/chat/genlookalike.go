//go:build ignore

// Command genlookalike writes lookalike.txt, the table behind skeleton, from confusables.txt of
// https://www.unicode.org/Public/security/:
//
//	go run genlookalike.go < confusables.txt > lookalike.txt
//
// It keeps what a name can contain after PRECIS UsernameCaseMapped: lower-case letters, marks, digits and ASCII signs.
package main

import (
	"bufio"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"
	"unicode"
)

const notice = `# What looks like what: source code point, then the code points it looks like, in hexadecimal.
# Derived by genlookalike.go from confusables.txt of Unicode Technical Standard 39, version %s.
# Copyright © 1991-2022 Unicode, Inc. All rights reserved. The licence is in UNICODE-LICENSE.txt.
`

func main() {
	out := bufio.NewWriter(os.Stdout)
	version := "unknown"
	headed := false
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		line := strings.TrimPrefix(in.Text(), "\ufeff")
		if v, ok := strings.CutPrefix(line, "# Version: "); ok {
			version = v
		}
		data, _, _ := strings.Cut(line, "#")
		fields := strings.Split(data, ";")
		if len(fields) < 3 {
			continue
		}
		if !headed {
			fmt.Fprintf(out, notice, version)
			headed = true
		}
		source := runes(fields[0])
		if len(source) != 1 || !inName(source[0]) {
			continue
		}
		fmt.Fprintf(out, "%x", source[0])
		for _, r := range runes(fields[1]) {
			fmt.Fprintf(out, " %x", r)
		}
		fmt.Fprintln(out)
	}
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
}

func runes(field string) []rune {
	var rs []rune
	for _, hex := range strings.Fields(field) {
		n, err := strconv.ParseInt(hex, 16, 32)
		if err != nil {
			log.Fatal(err)
		}
		rs = append(rs, rune(n))
	}
	return rs
}

func inName(r rune) bool {
	if r < unicode.MaxASCII {
		return unicode.IsPrint(r) && !unicode.IsUpper(r) && r != ' '
	}
	return (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)) && unicode.ToLower(r) == r
}
