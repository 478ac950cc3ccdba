package wire

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Folder is a temporary directory in memory where files given in a question are laid down, so that Helm reads them
// exactly as it reads any others. Its name never shows in an answer.
type Folder struct{ Path string }

// NewFolder makes one; call Remove when done with it.
func NewFolder() (*Folder, error) {
	base := "/dev/shm"
	if info, err := os.Stat(base); err != nil || !info.IsDir() {
		base = ""
	}
	path, err := os.MkdirTemp(base, "oracle")
	return &Folder{path}, err
}

// Remove deletes the folder and all below it.
func (f *Folder) Remove() { _ = os.RemoveAll(f.Path) }

// Put writes files below a subfolder and returns that subfolder's path. A name may not leave it.
func (f *Folder) Put(sub string, files map[string]Text) (string, error) {
	root := filepath.Join(f.Path, sub)
	if err := os.MkdirAll(root, 0o700); err != nil {
		return "", err
	}
	for name, text := range files {
		if !filepath.IsLocal(name) {
			return "", BadQuestion{fmt.Errorf("file name %q leaves the chart", name)}
		}
		path := filepath.Join(root, name)
		parent := filepath.Dir(path)
		if strings.HasSuffix(name, "/") {
			parent = path
		}
		if err := os.MkdirAll(parent, 0o700); err != nil {
			return "", BadQuestion{err}
		}
		if parent == path {
			continue
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return "", BadQuestion{err}
		}
	}
	return root, nil
}

// Hide takes the folder's own path out of an error's text, so that answers do not vary between runs.
func (f *Folder) Hide(err error) error {
	if err == nil || !strings.Contains(err.Error(), f.Path) {
		return err
	}
	return errors.New(strings.ReplaceAll(err.Error(), f.Path+"/", ""))
}
