package main

import (
	"path/filepath"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"

	"windlass.dev/oracle/wire"
)

// charts remembers the files of every chart that loaded, after .helmignore. Helm changes a chart while it renders it, so
// each question gets one built anew from these.
var charts = map[string]remembered{}

type remembered struct {
	files []*loader.BufferedFile
	// walk is what was logged while .helmignore was applied.
	walk string
}

const rememberedCharts = 512

func load(source wire.Source, folder *wire.Folder) (*chart.Chart, error) {
	key, err := source.Key()
	if err != nil {
		return nil, err
	}
	if one, known := charts[key]; known && !source.Fresh {
		wire.Log.WriteString(one.walk)
		return loader.LoadFiles(one.files)
	}
	path, err := source.Locate(folder)
	if err != nil {
		return nil, err
	}
	before := wire.Log.Len()
	loaded, err := loader.Load(path)
	if err != nil {
		return nil, folder.Hide(err)
	}
	files := make([]*loader.BufferedFile, len(loaded.Raw))
	for i, file := range loaded.Raw {
		files[i] = &loader.BufferedFile{Name: file.Name, Data: file.Data}
	}
	if len(charts) >= rememberedCharts {
		clear(charts)
	}
	// Both loadings warn of what is in the files, but only the first walks the folder.
	first := wire.Log.String()[before:]
	wire.Log.Truncate(before)
	again, err := loader.LoadFiles(files)
	second := wire.Log.String()[before:]
	walk := strings.TrimSuffix(first, second)
	charts[key] = remembered{files, walk}
	wire.Log.Truncate(before)
	wire.Log.WriteString(walk)
	wire.Log.WriteString(second)
	return again, err
}

type chartQuestion struct {
	wire.Head
	wire.Source
}

// runChart shows what loading makes of a chart.
func runChart(q chartQuestion) (wire.Answer, error) {
	folder, err := wire.NewFolder()
	if err != nil {
		return nil, err
	}
	defer folder.Remove()
	loaded, err := load(q.Source, folder)
	if err != nil {
		return nil, err
	}
	return describe(loaded), nil
}

func describe(c *chart.Chart) wire.Answer {
	dependencies := []wire.Answer{}
	for _, d := range c.Dependencies() {
		dependencies = append(dependencies, describe(d))
	}
	templates, files, crds := []string{}, []string{}, []string{}
	for _, t := range c.Templates {
		templates = append(templates, t.Name)
	}
	for _, f := range c.Files {
		files = append(files, f.Name)
	}
	for _, crd := range c.CRDObjects() {
		crds = append(crds, filepath.ToSlash(crd.Filename))
	}
	return wire.Answer{
		"metadata": c.Metadata, "lock": c.Lock, "values": c.Values, "templates": templates, "files": files,
		"crds": crds, "schema": wire.Text(c.Schema), "dependencies": dependencies,
	}
}
