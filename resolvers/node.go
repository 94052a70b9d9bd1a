package resolvers

import (
	"context"
	"maps"

	"github.com/99designs/gqlgen/graphql"

	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// maxNodes bounds the IDs of Query.nodes.
const maxNodes = 100

func (query) Node(ctx context.Context, id string) (store.Node, error) {
	name, err := typeOf(id)
	if err == nil {
		err = auth.RequireType(ctx, name)
	}
	if err != nil {
		return nil, err
	}
	found, err := loaders.Nodes(ctx, name, []string{id})
	return found[id], err
}

func (query) Nodes(ctx context.Context, ids []string) ([]store.Node, error) {
	if len(ids) > maxNodes {
		return nil, fault.Invalid("ids: %d are more than %d", len(ids), maxNodes)
	}
	byType := map[string][]string{}
	for i, id := range ids {
		name, err := typeOf(id)
		if err != nil {
			return nil, err
		}
		if err := auth.RequireType(ctx, name); err != nil {
			graphql.AddError(graphql.WithFieldContext(ctx, &graphql.FieldContext{Index: &i}), err)
			continue
		}
		byType[name] = append(byType[name], id)
	}
	found := map[string]store.Node{}
	for name, ids := range byType {
		nodes, err := loaders.Nodes(ctx, name, ids)
		if err != nil {
			return nil, err
		}
		maps.Copy(found, nodes)
	}
	out := make([]store.Node, len(ids))
	for i, id := range ids {
		out[i] = found[id]
	}
	return out, nil
}

// typeOf is the type of a global ID, as it stands in it.
func typeOf(id string) (string, error) {
	name, _, ok := scalar.SplitID(id)
	if !ok {
		return "", fault.Invalid("%q is not a global ID, such as Site:10", scalar.Cut(id))
	}
	return name, nil
}

// byID reads one row by an ID argument, global or raw; nil if it is missing or
// hidden.
func byID[C any, K comparable](ctx context.Context, by *store.Relation[store.Root, C, K], id string) (*C, error) {
	key, err := by.Parse(id)
	if err != nil {
		return nil, err
	}
	rows, err := loaders.Find(ctx, by, key)
	return rows[key], err
}

func (query) Customer(ctx context.Context, id, externalID *string) (*models.Customer, error) {
	switch {
	case (id == nil) == (externalID == nil):
		return nil, fault.Invalid("give id or externalId, one of the two")
	case id != nil:
		return byID(ctx, models.CustomerByID, *id)
	}
	if err := scalar.CheckText(*externalID); err != nil {
		return nil, err
	}
	customers, err := loaders.CustomersByExternalID(ctx, *externalID)
	if err != nil || len(customers) == 0 {
		return nil, err
	}
	if len(customers) > 1 {
		return nil, fault.Invalid("externalId: several systems have %q: give SYSTEM:VALUE", scalar.Cut(*externalID))
	}
	rows, err := loaders.Find(ctx, models.CustomerByID, customers[0])
	return rows[customers[0]], err
}

func (query) Site(ctx context.Context, id string) (*models.Site, error) {
	return byID(ctx, models.SiteByID, id)
}

func (query) UsageProductInventory(ctx context.Context, id string) (*models.UsageProductInventory, error) {
	return byID(ctx, models.UsageProductInventoryByID, id)
}

func (query) InclusiveUsageBalance(ctx context.Context, id string) (*models.InclusiveUsageBalance, error) {
	return byID(ctx, models.InclusiveUsageBalanceByKey, id)
}

func (query) Balance(ctx context.Context, id string) (*models.Balance, error) {
	return byID(ctx, models.BalanceByID, id)
}

func (query) EntitlementBalance(ctx context.Context, id string) (*models.EntitlementBalance, error) {
	return byID(ctx, models.EntitlementBalanceByID, id)
}
