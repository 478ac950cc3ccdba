package ops

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template"

	"windlass.dev/oracle/wire"
)

type exec struct {
	wire.Head
	// Template is the text to run; Name is what it is called in messages.
	Template wire.Text `json:"template"`
	Name     string    `json:"name"`
	// Templates are further texts, parsed first, in the order of their names.
	Templates map[string]wire.Text `json:"templates"`
	Data      wire.Data            `json:"data"`
	// MissingKey is text/template's option of that name; Helm's engine uses "zero".
	MissingKey string `json:"missingkey"`
	// Funcs "none" leaves only text/template's own functions.
	Funcs string `json:"funcs"`
}

// exec runs a bare text/template. What was written before an error is in "out" as well.
func (p Peer) exec(q exec) (wire.Answer, error) {
	t := template.New(or(q.Name, "t"))
	if q.MissingKey != "" {
		t.Option("missingkey=" + q.MissingKey)
	}
	if q.Funcs != "none" {
		t.Funcs(p.Funcs())
	}
	for _, name := range slices.Sorted(maps.Keys(q.Templates)) {
		if _, err := t.New(name).Parse(string(q.Templates[name])); err != nil {
			return wire.Answer{"stage": "parse"}, err
		}
	}
	if _, err := t.Parse(string(q.Template)); err != nil {
		return wire.Answer{"stage": "parse"}, err
	}
	var out limited
	err := t.Execute(&out, q.Data.Value)
	answer := wire.Answer{"out": wire.Text(out.String())}
	if err != nil {
		answer["stage"] = "exec"
	}
	return answer, err
}

// limited refuses to grow beyond what an answer may hold.
type limited struct{ strings.Builder }

const outputLimit = 64 << 20

var errOutputLimit = errors.New("oracle: more than 64 MiB of output")

func (l *limited) Write(p []byte) (int, error) {
	if l.Len()+len(p) > outputLimit {
		return 0, errOutputLimit
	}
	return l.Builder.Write(p)
}

type funcs struct{ wire.Head }

// funcs lists the functions by name with their Go types.
func (p Peer) funcs(funcs) (wire.Answer, error) {
	types := map[string]string{}
	for name, function := range p.Funcs() {
		types[name] = fmt.Sprintf("%T", function)
	}
	return wire.Answer{"funcs": types}, nil
}

type emit struct {
	wire.Head
	Value wire.Data `json:"value"`
}

// call applies one function of the map, by way of a template as a chart would.
func (p Peer) call(function string, q emit) (wire.Answer, error) {
	t, err := template.New("t").Funcs(p.Funcs()).Parse("{{ " + function + " . }}")
	if err != nil {
		return nil, err
	}
	var out strings.Builder
	err = t.Execute(&out, q.Value.Value)
	return wire.Answer{"text": wire.Text(out.String())}, err
}

func or(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}
