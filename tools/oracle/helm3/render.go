package main

import (
	"fmt"
	"path"

	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/lint/support"
	"helm.sh/helm/v3/pkg/releaseutil"
	"sigs.k8s.io/yaml"

	"windlass.dev/oracle/wire"
)

// runRenderText renders texts with Helm's engine, without splitting or sorting what comes out.
func runRenderText(q wire.RenderText) (wire.Answer, error) {
	name := q.Name
	if name == "" {
		name = "c"
	}
	ch := &chart.Chart{Metadata: &chart.Metadata{APIVersion: "v2", Name: name, Version: "0.1.0"}, Values: map[string]any{}}
	ch.Templates = append(ch.Templates, &chart.File{Name: "templates/t.yaml", Data: []byte(q.Template)})
	for file, text := range q.Templates {
		ch.Templates = append(ch.Templates, &chart.File{Name: "templates/" + file, Data: []byte(text)})
	}
	for file, text := range q.Files {
		ch.Files = append(ch.Files, &chart.File{Name: file, Data: []byte(text)})
	}
	values := map[string]any{}
	if err := yaml.Unmarshal([]byte(q.Values), &values); err != nil {
		return nil, wire.BadQuestion{Cause: err}
	}
	render := wire.Render{Release: q.Release, Namespace: q.Namespace, APIVersions: q.APIVersions}.Defaulted()
	p := prepared{Render: render}
	if q.KubeVersion != "" {
		var err error
		if p.kube, err = chartutil.ParseKubeVersion(q.KubeVersion); err != nil {
			return nil, err
		}
	}
	options := chartutil.ReleaseOptions{Name: render.Release, Namespace: render.Namespace, Revision: 1, IsInstall: true}
	top, err := chartutil.ToRenderValues(ch, values, options, p.capabilities())
	if err != nil {
		return nil, err
	}
	rendered, err := engine.Engine{Strict: q.Strict, LintMode: q.LintMode}.Render(ch, top)
	if err != nil {
		return nil, err
	}
	main := path.Join(name, "templates/t.yaml")
	answer := wire.Answer{"out": wire.Text(rendered[main])}
	if len(q.Templates) > 0 {
		others := map[string]wire.Text{}
		for file, text := range rendered {
			others[file] = wire.Text(text)
		}
		answer["files"] = others
	}
	return answer, nil
}

// runLint answers a linter's messages in order, and what makes it fail.
func runLint(q wire.Lint) (wire.Answer, error) {
	folder, err := wire.NewFolder()
	if err != nil {
		return nil, err
	}
	defer folder.Remove()
	target, err := q.Locate(folder)
	if err != nil {
		return nil, err
	}
	values, err := merge(q.Overrides, folder)
	if err != nil {
		return nil, err
	}
	client := action.NewLint()
	client.Strict, client.Namespace, client.SkipSchemaValidation = q.Strict, q.Namespace, q.SkipSchema
	if client.Namespace == "" {
		client.Namespace = "default"
	}
	if q.KubeVersion != "" {
		if client.KubeVersion, err = chartutil.ParseKubeVersion(q.KubeVersion); err != nil {
			return nil, fmt.Errorf("invalid kube version '%s': %s", q.KubeVersion, err)
		}
	}
	result := client.Run([]string{target}, values)
	messages, failures := []wire.Text{}, []wire.Text{}
	for _, message := range result.Messages {
		hidden := support.Message{Severity: message.Severity, Path: message.Path, Err: folder.Hide(message.Err)}
		messages = append(messages, wire.Text(hidden.Error()))
	}
	for _, failure := range result.Errors {
		failures = append(failures, wire.Text(folder.Hide(failure).Error()))
	}
	return wire.Answer{"messages": messages, "failures": failures, "linted": result.TotalChartsLinted}, nil
}

// runSortManifests answers the hooks and the other documents of rendered files, each list in Helm's order.
func runSortManifests(q wire.SortManifests) (wire.Answer, error) {
	files := map[string]string{}
	for name, text := range q.Files {
		files[name] = string(text)
	}
	order := releaseutil.InstallOrder
	if q.Uninstall {
		order = releaseutil.UninstallOrder
	}
	hooks, manifests, err := releaseutil.SortManifests(files, nil, order)
	hookList, manifestList := []wire.Answer{}, []wire.Answer{}
	for _, h := range hooks {
		hookList = append(hookList, wire.Answer{
			"name": h.Name, "kind": h.Kind, "path": h.Path, "manifest": wire.Text(h.Manifest), "events": h.Events,
			"weight": h.Weight, "delete_policies": h.DeletePolicies, "output_log_policies": h.OutputLogPolicies,
		})
	}
	for _, m := range manifests {
		manifestList = append(manifestList, wire.Answer{"path": m.Name, "content": wire.Text(m.Content), "head": m.Head})
	}
	return wire.Answer{"hooks": hookList, "manifests": manifestList}, err
}

// runKubeVersion answers what --kube-version makes of a text.
func runKubeVersion(q wire.KubeVersion) (wire.Answer, error) {
	if q.Text == "" {
		caps := chartutil.DefaultCapabilities
		return wire.Answer{"default": caps.KubeVersion.Version, "api_versions": caps.APIVersions, "helm": caps.HelmVersion}, nil
	}
	v, err := chartutil.ParseKubeVersion(q.Text)
	if err != nil {
		return nil, err
	}
	return wire.Answer{"version": v.Version, "major": v.Major, "minor": v.Minor, "string": v.String(), "git_version": v.GitVersion()}, nil
}
