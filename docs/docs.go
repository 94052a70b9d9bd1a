// Package docs holds the guides, so that the binary can show them.
package docs

import "embed"

// Guides has the guides, each a file of Markdown.
//
//go:embed *.md
var Guides embed.FS
