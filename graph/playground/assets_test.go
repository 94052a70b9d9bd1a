package playground

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
)

//go:embed assets.json
var manifest []byte

// TestPackages holds that the files of packages in the binary are those of
// assets.json, byte for byte, and that there is no other. The browser tests compare
// them with the packages themselves.
func TestPackages(t *testing.T) {
	var packages []struct {
		Package, Version, License string
		Files                     []struct{ From, To, SHA256 string }
	}
	if err := json.Unmarshal(manifest, &packages); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, p := range packages {
		if p.Version == "" || p.License != "MIT" {
			t.Errorf("%s %s has the license %q", p.Package, p.Version, p.License)
		}
		for _, f := range p.Files {
			want[f.To] = f.SHA256
		}
	}
	got := map[string]string{}
	for name, f := range loadAssets().files {
		if strings.HasPrefix(name, "packages/") {
			digest := sha256.Sum256(f.plain)
			got[name] = hex.EncodeToString(digest[:])
		}
	}
	if len(want) == 0 || !maps.Equal(want, got) {
		t.Errorf("the binary has %q, assets.json %q", got, want)
	}
}

// TestSize bounds what the pages add to the binary, in bytes.
func TestSize(t *testing.T) {
	size := 0
	for _, f := range loadAssets().files {
		size += len(f.plain)
	}
	if size > 3<<20 {
		t.Errorf("the assets have %d bytes", size)
	}
}

// TestScripts bounds what a browser loads to run the pages, in bytes as they are sent.
func TestScripts(t *testing.T) {
	size := 0
	for name, f := range loadAssets().files {
		if strings.HasSuffix(name, ".js") {
			size += len(f.gzipped)
		}
	}
	if size == 0 || size > 2_000_000 {
		t.Errorf("the scripts have %d bytes, compressed", size)
	}
}

// TestExamples holds that examples have a title, a sentence and a name of their own,
// and that no variables are left over.
func TestExamples(t *testing.T) {
	examples, err := Examples()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	withVariables := 0
	for _, e := range examples {
		names = append(names, e.Name)
		if e.Variables != "" {
			withVariables++
		}
		if !strings.HasPrefix(e.Sentence, "For ") || !strings.HasSuffix(e.Sentence, ".") || strings.Contains(e.Query, "#") {
			t.Errorf("%s: %q, %q", e.Name, e.Sentence, e.Query)
		}
	}
	files, err := fs.Glob(exampleFiles, "examples/*.json")
	if err != nil || len(files) != withVariables {
		t.Errorf("%d files of variables, %d examples with variables, %v", len(files), withVariables, err)
	}
	slices.Sort(names)
	if len(names) < 12 || len(slices.Compact(names)) != len(examples) {
		t.Errorf("the examples are %q", names)
	}
}
