package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	_ "unsafe" // for go:linkname

	"helm.sh/helm/v4/pkg/action"
	"helm.sh/helm/v4/pkg/chart"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	v2 "helm.sh/helm/v4/pkg/chart/v2"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/cli/values"
	"helm.sh/helm/v4/pkg/postrenderer"
	release "helm.sh/helm/v4/pkg/release/v1"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"

	"windlass.dev/oracle/wire"
)

//go:linkname renderResources helm.sh/helm/v4/pkg/action.(*Configuration).renderResources
func renderResources(cfg *action.Configuration, ctx context.Context, ch *v2.Chart, values common.Values, releaseName, outputDir string,
	subNotes, useReleaseName, includeCrds bool, pr postrenderer.PostRenderer, interactWithRemote, enableDNS, hideSecret bool,
	strategy action.PostRenderStrategy) ([]*release.Hook, *bytes.Buffer, string, error)

// prepared is a question with its chart loaded and its values merged.
type prepared struct {
	wire.Render
	chart  chart.Charter
	values map[string]any
	kube   *common.KubeVersion
}

func prepare(q wire.Render, folder *wire.Folder) (*prepared, error) {
	p := &prepared{Render: q.Defaulted()}
	var err error
	if p.KubeVersion != "" {
		if p.kube, err = common.ParseKubeVersion(p.KubeVersion); err != nil {
			return nil, fmt.Errorf("invalid kube version '%s': %w", p.KubeVersion, err)
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
	accessor, err := chart.NewAccessor(p.chart)
	if err != nil {
		return nil, err
	}
	if kind, _ := accessor.MetadataAsMap()["Type"].(string); kind != "" && kind != "application" {
		return nil, fmt.Errorf("%s charts are not installable", kind)
	}
	if accessor.Deprecated() {
		slog.Warn("this chart is deprecated")
	}
	if wanted := accessor.MetaDependencies(); len(wanted) > 0 {
		if err := action.CheckDependencies(p.chart, wanted); err != nil {
			return nil, fmt.Errorf("an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to fetch missing dependencies: %w", err)
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

func (p *prepared) capabilities() *common.Capabilities {
	caps := common.DefaultCapabilities.Copy()
	if p.kube != nil {
		caps.KubeVersion = *p.kube
	}
	caps.APIVersions = append(caps.APIVersions, p.APIVersions...)
	return caps
}

func newConfiguration() *action.Configuration {
	return action.NewConfiguration(action.ConfigurationSetLogger(slog.Default().Handler()))
}

// install renders as `helm template` does, through the install action's dry run.
func (p *prepared) install() (*release.Release, error) {
	client := action.NewInstall(newConfiguration())
	client.DryRunStrategy = action.DryRunClient
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
	made, err := client.Run(p.chart, p.values)
	rel, _ := made.(*release.Release)
	return rel, err
}

// upgrade renders as a later revision would be.
func (p *prepared) upgrade() (*release.Release, error) {
	ch, ok := p.chart.(*v2.Chart)
	if !ok {
		return nil, errors.New("invalid chart apiVersion")
	}
	if err := chartutil.ProcessDependencies(ch, p.values); err != nil {
		return nil, err
	}
	cfg := newConfiguration()
	cfg.Capabilities = p.capabilities()
	options := common.ReleaseOptions{Name: p.Release, Namespace: p.Namespace, Revision: p.Revision, IsUpgrade: true}
	top, err := util.ToRenderValuesWithSchemaValidation(ch, p.values, options, cfg.Capabilities, p.SkipSchema)
	if err != nil {
		return nil, err
	}
	rel := &release.Release{Info: &release.Info{}}
	var manifest *bytes.Buffer
	rel.Hooks, manifest, rel.Info.Notes, err = renderResources(cfg, context.Background(), ch, top, p.Release, "", p.SubNotes, false,
		p.IncludeCRDs, nil, false, false, false, action.PostRenderStrategyCombined)
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
	ch, ok := p.chart.(*v2.Chart)
	if !ok {
		return nil, errors.New("invalid chart apiVersion")
	}
	if err := chartutil.ProcessDependencies(ch, p.values); err != nil {
		return nil, err
	}
	options := common.ReleaseOptions{Name: p.Release, Namespace: p.Namespace, Revision: 1, IsInstall: !p.IsUpgrade, IsUpgrade: p.IsUpgrade}
	top, err := util.ToRenderValuesWithSchemaValidation(ch, p.values, options, p.capabilities(), p.SkipSchema)
	if err != nil {
		return nil, err
	}
	return wire.Answer{"values": top["Values"], "chart": describe(ch)}, nil
}
