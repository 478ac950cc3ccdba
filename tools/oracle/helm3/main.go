// Oracle3 answers questions about Helm 3 by calling Helm's own packages. See ../README.md for the protocol.
package main

import (
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"text/template"
	_ "unsafe" // for go:linkname

	"helm.sh/helm/v3/pkg/chartutil"
	_ "helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/ignore"
	"helm.sh/helm/v3/pkg/releaseutil"
	"helm.sh/helm/v3/pkg/strvals"
	"sigs.k8s.io/yaml"

	"windlass.dev/oracle/wire"
	"windlass.dev/oracle/wire/ops"
)

// The engine keeps its function map to itself; it is reached by name rather than copied.
//
//go:linkname engineFuncMap helm.sh/helm/v3/pkg/engine.funcMap
func engineFuncMap() template.FuncMap

func main() {
	// As Helm's command line logs.
	log.SetFlags(log.Lshortfile)
	log.SetOutput(&wire.Log)

	peer := ops.Peer{
		Funcs: engineFuncMap,
		Strvals: map[string]func(string, map[string]any) error{
			"set": strvals.ParseInto, "string": strvals.ParseIntoString,
			"json": strvals.ParseJSON, "literal": strvals.ParseLiteralInto,
		},
		Ignore: func(text io.Reader) (ops.Rules, error) { return ignore.Parse(text) },
		Split:  releaseutil.SplitManifests,
		Schema: func(values map[string]any, schema []byte) error {
			return chartutil.ValidateAgainstSingleSchema(values, schema)
		},
		ParseYAML:  func(text []byte, into any) error { return yaml.Unmarshal(text, into) },
		Compatible: chartutil.IsCompatibleRange,
	}
	operations := peer.Operations()
	maps.Copy(operations, map[string]wire.Operation{
		"template":       wire.In(runTemplate),
		"render_text":    wire.In(runRenderText),
		"values":         wire.In(runValues),
		"chart":          wire.In(runChart),
		"lint":           wire.In(runLint),
		"sort_manifests": wire.In(runSortManifests),
		"kube_version":   wire.In(runKubeVersion),
	})
	if err := wire.Serve(operations); err != nil {
		fmt.Fprintln(os.Stderr, "oracle3:", err)
		os.Exit(1)
	}
}
