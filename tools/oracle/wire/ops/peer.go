// Package ops answers the questions that both Helms answer through functions of one shape. It imports neither: each
// oracle hands over its Helm's functions as a Peer.
package ops

import (
	"io"
	"os"
	"text/template"

	"windlass.dev/oracle/wire"
)

// Peer is one Helm, as far as these operations need it.
type Peer struct {
	// Funcs is the function map that Helm's engine starts from.
	Funcs func() template.FuncMap
	// Strvals maps "set", "string", "json" and "literal" to the parsers of the flags of those names.
	Strvals map[string]func(text string, into map[string]any) error
	// Ignore parses a .helmignore; Helm's default rules are added after it.
	Ignore func(io.Reader) (Rules, error)
	// Split cuts a rendered file into documents.
	Split func(string) map[string]string
	// Schema validates values against a JSON schema.
	Schema func(values map[string]any, schema []byte) error
	// ParseYAML is the YAML reader behind fromYaml and values files.
	ParseYAML func(text []byte, into any) error
	// Compatible tells whether a version satisfies a chart's kubeVersion or dependency range.
	Compatible func(constraint, version string) bool
}

// Rules is a parsed .helmignore.
type Rules interface {
	AddDefaults()
	Ignore(path string, info os.FileInfo) bool
}

// Operations lists what a Peer can answer.
func (p Peer) Operations() map[string]wire.Operation {
	return map[string]wire.Operation{
		"exec":            wire.In(p.exec),
		"funcs":           wire.In(p.funcs),
		"yaml_parse":      wire.In(p.yamlParse),
		"yaml_emit":       wire.In(func(q emit) (wire.Answer, error) { return p.call("toYaml", q) }),
		"yaml_pretty":     wire.In(func(q emit) (wire.Answer, error) { return p.call("toYamlPretty", q) }),
		"json_emit":       wire.In(func(q emit) (wire.Answer, error) { return p.call("toJson", q) }),
		"toml_emit":       wire.In(func(q emit) (wire.Answer, error) { return p.call("toToml", q) }),
		"strvals":         wire.In(p.strvals),
		"ignore":          wire.In(p.ignore),
		"semver":          wire.In(p.semver),
		"split_manifests": wire.In(p.split),
		"schema":          wire.In(p.schema),
	}
}
