// Lifecycle lists what the types of k8s.io/api tell about their deprecation, for `windlass lint`.
//
//	go run . > ../../../crates/lint/src/templates/lifecycle.tsv
//
// One line each of the kinds that have a deprecation release, tabs between: group (empty for the core group), version, kind,
// deprecated in, removed in (or empty), apiVersion and kind of the replacement (or empty). The lines are sorted.
package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
)

func release(major, minor int) string {
	if major == 0 && minor == 0 {
		return ""
	}
	return fmt.Sprintf("%d.%d", major, minor)
}

func main() {
	var lines []string
	for gvk := range scheme.Scheme.AllKnownTypes() {
		object, err := scheme.Scheme.New(gvk)
		if err != nil {
			fmt.Fprintln(os.Stderr, gvk, err)
			os.Exit(1)
		}
		deprecated, ok := object.(interface{ APILifecycleDeprecated() (int, int) })
		if !ok || release(deprecated.APILifecycleDeprecated()) == "" {
			continue
		}
		var removed, replacement string
		if r, ok := object.(interface{ APILifecycleRemoved() (int, int) }); ok {
			removed = release(r.APILifecycleRemoved())
		}
		if r, ok := object.(interface {
			APILifecycleReplacement() schema.GroupVersionKind
		}); ok && !r.APILifecycleReplacement().Empty() {
			gvk := r.APILifecycleReplacement()
			replacement = gvk.GroupVersion().String() + " " + gvk.Kind
		}
		lines = append(lines, strings.Join([]string{
			gvk.Group, gvk.Version, gvk.Kind, release(deprecated.APILifecycleDeprecated()), removed, replacement,
		}, "\t"))
	}
	slices.Sort(lines)
	fmt.Println(strings.Join(lines, "\n"))
}
