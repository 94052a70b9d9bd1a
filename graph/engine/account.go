package engine

import (
	"errors"
	"fmt"

	"github.com/99designs/gqlgen/graphql"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/billing"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// account compiles what is left of a balance.
func (c *planner) account(s *step, of *node, field graphql.CollectedField) {
	s.kind, s.asOf = account, c.asOf(field)
	c.sums(s, of)
}

// asOf is which of the plan's instants is that of a field.
func (c *planner) asOf(field graphql.CollectedField) int {
	c.plan.asOf = append(c.plan.asOf, field.Field)
	return len(c.plan.asOf) - 1
}

// sums lets a step of a balance read its sums, with those of all other balances of the
// level: the balances of a page and those that a net balance adds up are mostly the same.
func (c *planner) sums(s *step, of *node) {
	s.place = of.selection.Add("ledger_digest")
	n := c.list(&models.SumsOfBalance.Edge, of)
	if _, known := n.strategy.(knownKey); !known {
		first := c.added[n.depth]
		switch {
		case first == nil:
			c.added[n.depth] = n
		case first != n:
			n.index, n.selection, n.strategy = first.index, first.selection, rowsOfAnother{}
			first.strategy = listsOfParents{repeated: true}
		}
	}
	s.node, s.places = n, billing.AccountPlaces(n.selection)
}

// net compiles the sum of the balances of a customer.
func (c *planner) net(s *step, of *node, field graphql.CollectedField) (err error) {
	s.kind, s.asOf, s.account = net, c.asOf(field), new(step)
	if s.node, err = c.live(of, field); err != nil {
		return err
	}
	c.sums(s.account, s.node)
	s.object, err = c.steps(c.schema.Types[field.Definition.Type.Name()], field.Selections, func(inner *step, field graphql.CollectedField) error {
		if inner.kind, inner.figure = figure, billing.NetBalanceFields[field.Name]; inner.figure == nil {
			return fmt.Errorf("NetBalance.%s is no figure", field.Name)
		}
		return nil
	})
	return err
}

// live are the balances that a net balance adds up: the same for all of a credit type.
func (c *planner) live(of *node, field graphql.CollectedField) (*node, error) {
	if field.Field.Arguments.ForName("filters") != nil {
		return nil, errors.New("the balances are chosen by filters")
	}
	key := listKey{of, &models.BalancesOfCustomer.Edge, "USD"}
	if creditType := field.Field.Arguments.ForName("creditTypeId"); creditType != nil {
		key.which = creditType.Value.String()
	}
	if c.lists[key] == nil {
		given, err := c.newArguments(field, billing.Live)
		if err != nil {
			return nil, err
		}
		given.unfiltered = false
		c.lists[key] = c.add(key.edge, of, given)
	}
	return c.lists[key], nil
}

// asOfOf reads the arguments of fields that look at a balance.
func asOfOf(a *store.Arguments) billing.AsOf {
	out := billing.AsOf{Mode: models.InvoiceInclusionModeFinalizedAndDraft}
	if at := store.Argument[scalar.DateTime](a, "asOf"); at != nil {
		out.At = *at
	} else {
		out.At = a.Now()
	}
	if mode := store.Argument[string](a, "invoiceInclusionMode"); mode != nil {
		out.Mode = models.InvoiceInclusionMode(*mode)
	}
	return out
}

// account writes what is left of a balance, null if its ledger was never imported.
func (w *writer) account(s *step, of *node, row int) {
	if !w.hasLedger(s, of, row) {
		w.null(s)
		return
	}
	from, to, _ := w.shown(s.node, w.placeOf(s.node, row))
	w.out = billing.AppendBalance(w.out, &w.states[s.node.index].rows.Rows, from, to, s.places, w.asOf[s.asOf])
}

func (w *writer) hasLedger(s *step, of *node, row int) bool {
	return w.states[of.index].rows.Rows.Cell(row, s.place) != nil
}

// net writes the sum of the balances of a customer.
func (w *writer) net(s *step, row int) {
	asOf := w.asOf[s.asOf]
	sum := billing.NetBalance{AsOf: asOf.At}
	sums := s.account.node
	balance, end, _ := w.shown(s.node, w.placeOf(s.node, row))
	for ; balance < end; balance++ {
		if w.hasLedger(s.account, s.node, balance) {
			from, to, _ := w.shown(sums, w.placeOf(sums, balance))
			if err := sum.AddRows(&w.states[sums.index].rows.Rows, from, to, s.account.places, asOf.Mode); err != nil {
				w.err = err
			}
		}
	}
	w.out = append(w.out, '{')
	for i := range s.object.steps {
		inner := &s.object.steps[i]
		if w.out = append(w.out, inner.name...); inner.kind == figure {
			w.out = inner.figure(w.out, &sum)
		} else {
			w.out = append(w.out, inner.text...)
		}
	}
	w.out = append(w.out, '}')
}
