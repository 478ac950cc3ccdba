package wire

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// Source names a chart: a directory or an archive on disk, or files given in the question.
type Source struct {
	Dir     string          `json:"dir"`
	Archive string          `json:"archive"`
	Files   map[string]Text `json:"files"`
	// Fresh reads a directory or archive again that was read before.
	Fresh bool `json:"fresh"`
}

// Key identifies what the source holds, for a cache.
func (s Source) Key() (string, error) {
	switch {
	case s.Dir != "":
		return "dir:" + s.Dir, nil
	case s.Archive != "":
		return "archive:" + s.Archive, nil
	case s.Files != nil:
		// Marshalling orders the names, so equal files give an equal key.
		all, err := json.Marshal(s.Files)
		return fmt.Sprintf("files:%x", sha256.Sum256(all)), err
	}
	return "", BadQuestion{fmt.Errorf("no chart: give dir, archive or files")}
}

// Found fails as Helm's command line does where a path given to it leads nowhere.
func (s Source) Found() error {
	for _, path := range []string{s.Dir, s.Archive} {
		if path == "" {
			continue
		}
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("path %q not found", path)
		}
	}
	return nil
}

// Locate returns the path that Helm is told to load, laying given files down in the folder.
func (s Source) Locate(folder *Folder) (string, error) {
	switch {
	case s.Dir != "":
		return s.Dir, nil
	case s.Archive != "":
		return s.Archive, nil
	}
	return folder.Put("chart", s.Files)
}

// Overrides are the value flags of Helm's command line, in its order of precedence.
type Overrides struct {
	// Values are texts of values files, the later over the earlier.
	Values     List     `json:"values"`
	SetJSON    []string `json:"set_json"`
	Set        []string `json:"set"`
	SetString  []string `json:"set_string"`
	SetFile    []string `json:"set_file"`
	SetLiteral []string `json:"set_literal"`
}

// ValueFiles writes the values texts to files named values-0.yaml and so on.
func (o Overrides) ValueFiles(folder *Folder) ([]string, error) {
	paths := make([]string, len(o.Values))
	for i, text := range o.Values {
		name := fmt.Sprintf("values-%d.yaml", i)
		if _, err := folder.Put("", map[string]Text{name: Text(text)}); err != nil {
			return nil, err
		}
		paths[i] = filepath.Join(folder.Path, name)
	}
	return paths, nil
}

// List is one YAML document or a JSON array of them.
type List []YAML

// UnmarshalJSON implements json.Unmarshaler.
func (l *List) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '[' {
		return json.Unmarshal(data, (*[]YAML)(l))
	}
	var one YAML
	err := json.Unmarshal(data, &one)
	*l = List{one}
	return err
}

// Render is a question about a whole chart.
type Render struct {
	Head
	Source
	Overrides
	Release   string `json:"release"`
	Namespace string `json:"namespace"`
	// Revision other than 0 and 1 takes the way of an upgrade, which `helm template` itself never does.
	Revision    int      `json:"revision"`
	IsUpgrade   bool     `json:"is_upgrade"`
	KubeVersion string   `json:"kube_version"`
	APIVersions []string `json:"api_versions"`
	ShowOnly    []string `json:"show_only"`
	IncludeCRDs bool     `json:"include_crds"`
	SkipTests   bool     `json:"skip_tests"`
	NoHooks     bool     `json:"no_hooks"`
	SkipSchema  bool     `json:"skip_schema_validation"`
	SubNotes    bool     `json:"render_subchart_notes"`
}

// Defaulted fills in what Helm's command line fills in.
func (r Render) Defaulted() Render {
	if r.Release == "" {
		r.Release = "release-name"
	}
	if r.Namespace == "" {
		r.Namespace = "default"
	}
	return r
}

// RenderText is a question about one template text in a chart of its own.
type RenderText struct {
	Head
	Template Text `json:"template"`
	// Templates are further files, by name below templates/.
	Templates map[string]Text `json:"templates"`
	Files     map[string]Text `json:"files"`
	Values    YAML            `json:"values"`
	// Name is the chart's; the text is NAME/templates/t.yaml in messages.
	Name        string   `json:"name"`
	Release     string   `json:"release"`
	Namespace   string   `json:"namespace"`
	Strict      bool     `json:"strict"`
	LintMode    bool     `json:"lint_mode"`
	KubeVersion string   `json:"kube_version"`
	APIVersions []string `json:"api_versions"`
}

// Lint is a question about a chart's faults.
type Lint struct {
	Head
	Source
	Overrides
	Namespace   string `json:"namespace"`
	Strict      bool   `json:"strict"`
	KubeVersion string `json:"kube_version"`
	SkipSchema  bool   `json:"skip_schema_validation"`
}

// SortManifests is a question about rendered files: which documents are hooks, and in what order all come.
type SortManifests struct {
	Head
	Files     map[string]Text `json:"files"`
	Uninstall bool            `json:"uninstall"`
}

// KubeVersion is a question about --kube-version.
type KubeVersion struct {
	Head
	Text string `json:"text"`
}
