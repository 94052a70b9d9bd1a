package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/graph/playground"
	"github.com/usagegraph/usagegraph/internal/seed"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
	"github.com/usagegraph/usagegraph/models/token"
)

// demoLasts is how long the demo's token is good.
const demoLasts = 7 * 24 * time.Hour

// errNoDemo is a database that holds what may be real.
var errNoDemo = errors.New("--demo gives a token for all rows to whoever opens the page, and takes only a database that it filled itself: " +
	"name another, such as --database sqlite:demo.db, or serve this one without --demo, with a token of usagegraph token create")

// demo fills an empty database, or takes one that it filled before, and says how to ask it.
// It returns the token for that, with what else the playground needs.
func demo(ctx context.Context, db *gorm.DB, address string, out io.Writer) (filled playground.Demo, err error) {
	date, err := fillDemo(ctx, db)
	if err != nil {
		return filled, err
	}
	bearer, hash := auth.NewToken()
	now := scalar.Now()
	expires := now + scalar.DateTime(demoLasts.Microseconds())
	if err := token.Replace(ctx, db, &token.APIToken{Name: "demo", Hash: hash, AllCustomers: true, CreatedAt: now, ExpiresAt: &expires}); err != nil {
		return filled, err
	}
	_, err = fmt.Fprintf(out, "usagegraph is at %s\nToken: %s\nPlayground: %s/\nReference: %s/docs\n\n"+
		"  curl -s %s/graphql -H 'Authorization: Bearer %s' \\\n"+
		"    -H 'Content-Type: application/json' -d '{\"query\": \"{ customers(first: 3) { totalCount nodes { id name } } }\"}'\n\n"+
		"Open the playground in a browser on this machine; it has the token already:\n\n  %s/\n\n",
		address, bearer, address, address, address, bearer, address)
	return playground.Demo{Token: bearer, Dated: func(text string) string { return seed.Shift(text, date) }}, err
}

// fillDemo makes sure that a database holds the demo's data and nothing else, and returns
// the day on which that ends.
func fillDemo(ctx context.Context, db *gorm.DB) (scalar.Date, error) {
	date, err := seed.DemoDate(ctx, db)
	if err != nil || date != "" {
		return date, err
	}
	if last, err := models.LastImport(ctx, db); err != nil || last != nil {
		return "", cmp.Or(err, errNoDemo)
	}
	date = scalar.Now().Date()
	_, err = seed.Run(ctx, db, seed.Options{Customers: seed.DemoCustomers, Seed: 1, Date: date, Demo: true})
	if errors.Is(err, store.ErrNotEmpty) {
		return "", errNoDemo
	}
	return date, err
}
