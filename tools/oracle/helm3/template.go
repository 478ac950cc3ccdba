package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	_ "unsafe" // for go:linkname

	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/cli/values"
	"helm.sh/helm/v3/pkg/postrender"
	"helm.sh/helm/v3/pkg/release"
	"helm.sh/helm/v3/pkg/releaseutil"

	"windlass.dev/oracle/wire"
)

//go:linkname renderResources helm.sh/helm/v3/pkg/action.(*Configuration).renderResources
func renderResources(cfg *action.Configuration, ch *chart.Chart, values chartutil.Values, releaseName, outputDir string,
	subNotes, useReleaseName, includeCrds bool, pr postrender.PostRenderer, interactWithRemote, enableDNS, hideSecret bool) ([]*release.Hook, *bytes.Buffer, string, error)

// prepared is a question with its chart loaded and its values merged.
type prepared struct {
	wire.Render
	chart  *chart.Chart
	values map[string]any
	kube   *chartutil.KubeVersion
}

func prepare(q wire.Render, folder *wire.Folder) (*prepared, error) {
	p := &prepared{Render: q.Defaulted()}
	var err error
	if p.KubeVersion != "" {
		if p.kube, err = chartutil.ParseKubeVersion(p.KubeVersion); err != nil {
			return nil, fmt.Errorf("invalid kube version '%s': %s", p.KubeVersion, err)
		}
	}
	if err := p.Found(); err != nil {
		return nil, err
	}
	if p.values, err = merge(p.Overrides, folder); err != nil {
		return nil, err
	}
	if p.chart, err = load(p.Source, folder); err != nil {
		return nil, err
	}
	meta := p.chart.Metadata
	if meta.Type != "" && meta.Type != "application" {
		return nil, fmt.Errorf("%s charts are not installable", meta.Type)
	}
	if meta.Deprecated {
		wire.Log.WriteString("WARNING: This chart is deprecated\n")
	}
	if meta.Dependencies != nil {
		if err := action.CheckDependencies(p.chart, meta.Dependencies); err != nil {
			return nil, fmt.Errorf("An error occurred while checking for chart dependencies. You may need to run `helm dependency build` to fetch missing dependencies: %w", err) //nolint
		}
	}
	return p, nil
}

func merge(o wire.Overrides, folder *wire.Folder) (map[string]any, error) {
	files, err := o.ValueFiles(folder)
	if err != nil {
		return nil, err
	}
	options := values.Options{
		ValueFiles: files, JSONValues: o.SetJSON, Values: o.Set, StringValues: o.SetString,
		FileValues: o.SetFile, LiteralValues: o.SetLiteral,
	}
	merged, err := options.MergeValues(nil)
	return merged, folder.Hide(err)
}

func (p *prepared) capabilities() *chartutil.Capabilities {
	caps := chartutil.DefaultCapabilities.Copy()
	if p.kube != nil {
		caps.KubeVersion = *p.kube
	}
	caps.APIVersions = append(caps.APIVersions, p.APIVersions...)
	return caps
}

func newConfiguration() *action.Configuration {
	// The action's own log is for --debug.
	return &action.Configuration{Log: func(string, ...any) {}}
}

// install renders as `helm template` does, through the install action's dry run.
func (p *prepared) install() (*release.Release, error) {
	client := action.NewInstall(newConfiguration())
	client.DryRun, client.DryRunOption, client.ClientOnly = true, "client", true
	client.Replace = true
	client.ReleaseName = p.Release
	client.Namespace = p.Namespace
	client.KubeVersion = p.kube
	client.APIVersions = p.APIVersions
	client.IncludeCRDs = p.IncludeCRDs
	client.IsUpgrade = p.IsUpgrade
	client.DisableHooks = p.NoHooks
	client.SkipSchemaValidation = p.SkipSchema
	client.SubNotes = p.SubNotes
	return client.Run(p.chart, p.values)
}

// upgrade renders as a later revision would be.
func (p *prepared) upgrade() (*release.Release, error) {
	if err := chartutil.ProcessDependenciesWithMerge(p.chart, p.values); err != nil {
		return nil, err
	}
	cfg := newConfiguration()
	cfg.Capabilities = p.capabilities()
	options := chartutil.ReleaseOptions{Name: p.Release, Namespace: p.Namespace, Revision: p.Revision, IsUpgrade: true}
	top, err := chartutil.ToRenderValuesWithSchemaValidation(p.chart, p.values, options, cfg.Capabilities, p.SkipSchema)
	if err != nil {
		return nil, err
	}
	rel := &release.Release{Info: &release.Info{}}
	var manifest *bytes.Buffer
	rel.Hooks, manifest, rel.Info.Notes, err = renderResources(cfg, p.chart, top, p.Release, "", p.SubNotes, false,
		p.IncludeCRDs, nil, false, false, false)
	if manifest != nil {
		rel.Manifest = manifest.String()
	}
	return rel, err
}

// runTemplate answers what `helm template` prints, "error" being what follows "Error: " on its standard error.
func runTemplate(q wire.Render) (wire.Answer, error) {
	folder, err := wire.NewFolder()
	if err != nil {
		return nil, err
	}
	defer folder.Remove()
	p, err := prepare(q, folder)
	if err != nil {
		return nil, err
	}
	render := p.install
	if p.Revision > 1 {
		render = p.upgrade
	}
	rel, err := render()
	if err != nil {
		if rel != nil {
			err = fmt.Errorf("%w\n\nUse --debug flag to render out invalid YAML", err)
		}
		return nil, err
	}
	printed, err := p.print(rel)
	return wire.Answer{"stdout": wire.Text(printed), "notes": wire.Text(rel.Info.Notes)}, err
}

func (p *prepared) print(rel *release.Release) (string, error) {
	var out strings.Builder
	fmt.Fprintln(&out, strings.TrimSpace(rel.Manifest))
	for _, hook := range rel.Hooks {
		if p.NoHooks || p.SkipTests && slices.Contains(hook.Events, release.HookTest) {
			continue
		}
		fmt.Fprintf(&out, "---\n# Source: %s\n%s\n", hook.Path, hook.Manifest)
	}
	if len(p.ShowOnly) == 0 {
		return out.String(), nil
	}
	return showOnly(out.String(), p.ShowOnly)
}

var sourceLine = regexp.MustCompile("# Source: [^/]+/(.+)")

// showOnly picks the documents that come from the named templates, name by name.
func showOnly(printed string, names []string) (string, error) {
	documents := releaseutil.SplitManifests(printed)
	keys := make([]string, 0, len(documents))
	for key := range documents {
		keys = append(keys, key)
	}
	sort.Sort(releaseutil.BySplitManifestsOrder(keys))

	var out strings.Builder
	for _, name := range names {
		found := false
		for _, key := range keys {
			from := sourceLine.FindStringSubmatch(documents[key])
			if from == nil {
				continue
			}
			if matched, _ := filepath.Match(name, from[1]); matched {
				fmt.Fprintf(&out, "---\n%s\n", documents[key])
				found = true
			}
		}
		if !found {
			return "", fmt.Errorf("could not find template %s in chart", name)
		}
	}
	return out.String(), nil
}

// runValues answers the values that templates would see, after dependencies, merging and the schema.
func runValues(q wire.Render) (wire.Answer, error) {
	folder, err := wire.NewFolder()
	if err != nil {
		return nil, err
	}
	defer folder.Remove()
	p, err := prepare(q, folder)
	if err != nil {
		return nil, err
	}
	if err := chartutil.ProcessDependenciesWithMerge(p.chart, p.values); err != nil {
		return nil, err
	}
	options := chartutil.ReleaseOptions{Name: p.Release, Namespace: p.Namespace, Revision: 1, IsInstall: !p.IsUpgrade, IsUpgrade: p.IsUpgrade}
	top, err := chartutil.ToRenderValuesWithSchemaValidation(p.chart, p.values, options, p.capabilities(), p.SkipSchema)
	if err != nil {
		return nil, err
	}
	return wire.Answer{"values": top["Values"], "chart": describe(p.chart)}, nil
}
