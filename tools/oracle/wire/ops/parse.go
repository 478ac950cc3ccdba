package ops

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/Masterminds/semver/v3"

	"windlass.dev/oracle/wire"
)

type yamlParse struct {
	wire.Head
	Text wire.Text `json:"text"`
	// Into is "any" (the default), "map" or "list": the Go type asked for, which changes the errors.
	Into string `json:"into"`
}

func (p Peer) yamlParse(q yamlParse) (wire.Answer, error) {
	var value any
	var err error
	switch q.Into {
	case "", "any":
		err = p.ParseYAML([]byte(q.Text), &value)
	case "map":
		into := map[string]any{}
		err = p.ParseYAML([]byte(q.Text), &into)
		value = into
	case "list":
		into := []any{}
		err = p.ParseYAML([]byte(q.Text), &into)
		value = into
	default:
		return nil, wire.BadQuestion{Cause: fmt.Errorf("into %q", q.Into)}
	}
	return described(value), err
}

// described shows a value twice: as JSON where JSON can hold it, and as Go prints it with its types.
func described(value any) wire.Answer {
	answer := wire.Answer{"go": wire.Text(fmt.Sprintf("%#v", value))}
	if _, err := json.Marshal(value); err == nil {
		answer["value"] = value
	}
	return answer
}

type strvals struct {
	wire.Head
	Text string    `json:"text"`
	Kind string    `json:"kind"`
	Base wire.YAML `json:"base"`
}

func (p Peer) strvals(q strvals) (wire.Answer, error) {
	parse, known := p.Strvals[or(q.Kind, "set")]
	if !known {
		return nil, wire.BadQuestion{Cause: fmt.Errorf("kind %q", q.Kind)}
	}
	values := map[string]any{}
	if q.Base != "" {
		if err := p.ParseYAML([]byte(q.Base), &values); err != nil {
			return nil, wire.BadQuestion{Cause: err}
		}
	}
	err := parse(q.Text, values)
	return described(values), err
}

type ignore struct {
	wire.Head
	Rules wire.Text `json:"rules"`
	// Paths are judged one by one; a path that ends in "/" is a directory.
	Paths []string `json:"paths"`
}

// ignore answers, for each path, whether a rule matches it ("ignored") and whether a chart loader, which never enters an
// ignored directory, would read it ("loaded").
func (p Peer) ignore(q ignore) (wire.Answer, error) {
	rules, err := p.Ignore(strings.NewReader(string(q.Rules)))
	if err != nil {
		return nil, err
	}
	rules.AddDefaults()
	ignored := make([]bool, len(q.Paths))
	loaded := make([]bool, len(q.Paths))
	for i, name := range q.Paths {
		bare := strings.TrimSuffix(name, "/")
		ignored[i] = rules.Ignore(bare, entry{path.Base(bare), bare != name})
		loaded[i] = !ignored[i]
		for parent := path.Dir(bare); loaded[i] && parent != "." && parent != "/"; parent = path.Dir(parent) {
			loaded[i] = !rules.Ignore(parent, entry{path.Base(parent), true})
		}
	}
	return wire.Answer{"ignored": ignored, "loaded": loaded}, nil
}

// entry is a file or directory that exists only as a name.
type entry struct {
	name string
	dir  bool
}

func (e entry) Name() string { return e.name }
func (e entry) Size() int64  { return 0 }
func (e entry) Mode() fs.FileMode {
	if e.dir {
		return fs.ModeDir | 0o755
	}
	return 0o644
}
func (e entry) ModTime() time.Time { return time.Time{} }
func (e entry) IsDir() bool        { return e.dir }
func (e entry) Sys() any           { return nil }

type semverQuestion struct {
	wire.Head
	Constraint *string `json:"constraint"`
	Version    *string `json:"version"`
	// Compare is a second version; Versions a list to put in order.
	Compare  *string  `json:"compare"`
	Versions []string `json:"versions"`
	Strict   bool     `json:"strict"`
}

func (p Peer) semver(q semverQuestion) (wire.Answer, error) {
	read := semver.NewVersion
	if q.Strict {
		read = semver.StrictNewVersion
	}
	answer := wire.Answer{}
	var version *semver.Version
	if q.Version != nil {
		var err error
		if version, err = read(*q.Version); err != nil {
			return wire.Answer{"stage": "version"}, err
		}
		answer["version"] = map[string]any{
			"string": version.String(), "original": version.Original(), "major": version.Major(), "minor": version.Minor(),
			"patch": version.Patch(), "prerelease": version.Prerelease(), "metadata": version.Metadata(),
		}
	}
	if q.Compare != nil && version != nil {
		other, err := read(*q.Compare)
		if err != nil {
			return wire.Answer{"stage": "compare"}, err
		}
		answer["compare"] = version.Compare(other)
	}
	if q.Constraint != nil {
		constraint, err := semver.NewConstraint(*q.Constraint)
		if err != nil {
			answer["stage"] = "constraint"
			return answer, err
		}
		answer["constraint"] = constraint.String()
		if version != nil {
			ok, reasons := constraint.Validate(version)
			texts := []string{}
			for _, reason := range reasons {
				texts = append(texts, reason.Error())
			}
			answer["check"], answer["validate"], answer["reasons"] = constraint.Check(version), ok, texts
			answer["compatible"] = p.Compatible(*q.Constraint, *q.Version)
		}
	}
	if q.Versions != nil {
		list := semver.Collection{}
		for _, text := range q.Versions {
			v, err := read(text)
			if err != nil {
				return wire.Answer{"stage": "versions"}, err
			}
			list = append(list, v)
		}
		sort.Stable(list)
		sorted := []string{}
		for _, v := range list {
			sorted = append(sorted, v.Original())
		}
		answer["sorted"] = sorted
	}
	return answer, nil
}

type split struct {
	wire.Head
	Text wire.Text `json:"text"`
}

// split lists the documents of a file in their order; Helm names them by number.
func (p Peer) split(q split) (wire.Answer, error) {
	documents := p.Split(string(q.Text))
	keys := make([]string, 0, len(documents))
	for key := range documents {
		keys = append(keys, key)
	}
	sort.Slice(keys, func(a, b int) bool { return ordinal(keys[a]) < ordinal(keys[b]) })
	texts := make([]wire.Text, len(keys))
	for i, key := range keys {
		texts[i] = wire.Text(documents[key])
	}
	return wire.Answer{"documents": texts}, nil
}

func ordinal(key string) int {
	n, _ := strconv.Atoi(key[strings.LastIndexByte(key, '-')+1:])
	return n
}

type schema struct {
	wire.Head
	Schema wire.YAML `json:"schema"`
	Values wire.YAML `json:"values"`
}

func (p Peer) schema(q schema) (wire.Answer, error) {
	values := map[string]any{}
	if err := p.ParseYAML([]byte(q.Values), &values); err != nil {
		return nil, wire.BadQuestion{Cause: err}
	}
	return nil, p.Schema(values, []byte(q.Schema))
}
