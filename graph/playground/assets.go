package playground

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/usagegraph/usagegraph/graph/transport"
)

// assetFiles are our own scripts and styles, and under packages those of others,
// which are never edited: assets.json says where they come from.
//
//go:embed assets
var assetFiles embed.FS

// assets are what pages load, by path: /assets/DIGEST/NAME. The digest is that of
// them all, so that browsers may keep each for ever, and scripts may name one
// another.
type assets struct {
	digest string
	files  map[string]file
}

// loadAssets compresses once a process.
var loadAssets = sync.OnceValue(func() assets {
	found := assets{files: map[string]file{}}
	sum := sha256.New()
	err := fs.WalkDir(assetFiles, "assets", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(assetFiles, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %d %s", name, len(content), content)
		found.files[strings.TrimPrefix(name, "assets/")] = newFile(kindOf(name), content)
		return nil
	})
	if err != nil {
		panic(err) // the files are in the binary
	}
	found.digest = hex.EncodeToString(sum.Sum(nil)[:8])
	return found
})

// kindOf is the media type of a file. What the machine's own tables say does not
// matter.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return "text/plain; charset=utf-8"
}

// address is where an asset is.
func (a assets) address(name string) (string, error) {
	if _, ok := a.files[name]; !ok {
		return "", fmt.Errorf("there is no asset %s", name)
	}
	return "/assets/" + a.digest + "/" + name, nil
}

// ServeHTTP answers with an asset, to be kept for a year.
func (a assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file, ok := a.files[r.PathValue("name")]
	if !ok || r.PathValue("digest") != a.digest {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	file.ServeHTTP(w, r)
}

// file is something to answer with, plain and compressed.
type file struct {
	kind, etag     string
	plain, gzipped []byte
}

func newFile(kind string, content []byte) file {
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, _ = writer.Write(content) // writing to memory does not fail
	_ = writer.Close()
	digest := sha256.Sum256(content)
	return file{kind, hex.EncodeToString(digest[:8]), content, packed.Bytes()}
}

// ServeHTTP answers with the file, or says that the client has it already.
func (f file) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", f.kind)
	header.Add("Vary", "Accept-Encoding")
	content, etag := f.plain, f.etag
	if transport.AcceptsGzip(r.Header) {
		header.Set("Content-Encoding", "gzip")
		content, etag = f.gzipped, f.etag+"-gzip"
	}
	header.Set("ETag", `"`+etag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}
