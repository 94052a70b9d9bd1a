package engine

import (
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/models"
)

// account compiles what is left of a balance.
func (c *compiler) account(s *step, of *node, field graphql.CollectedField) error {
	s.kind, s.asOf = account, c.asOf(field)
	return c.sums(s, of)
}

// asOf is which of the plan's instants is that of a field.
func (c *compiler) asOf(field graphql.CollectedField) int {
	c.plan.asOf = append(c.plan.asOf, field.Field)
	return len(c.plan.asOf) - 1
}

// sums lets a step of a balance read its sums.
func (c *compiler) sums(s *step, of *node) (err error) {
	s.place = of.selection.Add("ledger_digest")
	if s.node, err = c.list(&models.SumsOfBalance.Edge, of); err == nil {
		s.places = models.AccountPlaces(s.node.selection)
	}
	return err
}

// net compiles the sum of the balances of a customer.
func (c *compiler) net(s *step, kind *ast.Definition, of *node, field graphql.CollectedField) (err error) {
	s.kind, s.asOf, s.account = net, c.asOf(field), new(step)
	s.node = c.add(&models.BalancesOfCustomer.Edge, of)
	if s.node.arguments, err = newArguments(s.node.edge, kind, field, true); err != nil {
		return err
	}
	if err := c.sums(s.account, s.node); err != nil {
		return err
	}
	s.object, err = c.steps(c.schema.Types[field.Definition.Type.Name()], field.Selections, func(inner *step, field graphql.CollectedField) error {
		if inner.kind, inner.figure = figure, models.NetBalanceFields[field.Name]; inner.figure == nil {
			return fmt.Errorf("NetBalance.%s is no figure", field.Name)
		}
		return nil
	})
	return err
}

// account writes what is left of a balance, null if its ledger was never imported.
func (w *writer) account(s *step, of *node, row int) {
	if !w.hasLedger(s, of, row) {
		w.null(s)
		return
	}
	from, to, _ := w.shown(s.node, w.placeOf(s.node, row))
	w.out = models.AppendBalance(w.out, &w.states[s.node.index].rows.Rows, from, to, s.places, w.asOf[s.asOf])
}

func (w *writer) hasLedger(s *step, of *node, row int) bool {
	return w.states[of.index].rows.Rows.Cell(row, s.place) != nil
}

// net writes the sum of the balances of a customer.
func (w *writer) net(s *step, row int) {
	asOf := w.asOf[s.asOf]
	sum := models.NetBalance{AsOf: asOf.At}
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
