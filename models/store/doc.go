// Package store reads and writes tables that are described as data. It imports no noun and no
// token: the nouns, in package models, describe themselves to it.
//
// Four steps lead from a table to rows.
//
//  1. A noun describes its table: NewTable reads the columns off the struct, and Filters and
//     Orderable say what clients may ask. NewRelation, NewLookup and NewList say which columns
//     lead from a parent to the rows.
//
//     var Sites = store.NewTable[Site]("customer_id").Filters("id", "name").Orderable("NAME")
//     var SitesOfCustomer = store.NewRelation(Sites, []string{"customer_id"}, parentKey, childKey)
//
//  2. A Request is a question as a client sent it: page, filters, order. Edge.Request reads it
//     from the arguments of a field.
//
//  3. Edge.Prepare checks a Request once and makes a Query of it. An error is BAD_USER_INPUT,
//     INVALID_CURSOR or CURSOR_ORDER_MISMATCH; nothing after this step fails because of what
//     the client sent.
//
//     query, err := models.SitesOfCustomer.Prepare(store.Request{Filters: filters})
//
//  4. A Reader, which has the scope of whoever asks, renders the Query as SQL and reads: Pages,
//     Children and Counts for typed rows of many parents in one statement, and Session for the
//     cells of several Fetches in one round trip.
//
//     pages, err := store.Pages(ctx, store.NewReader(db, scope), models.SitesOfCustomer, customers, query)
//
// Statement.From is the only way to a table. It adds the row scope. Every ? of a statement's
// SQL is an argument: on PostgreSQL it becomes $n, so no literal may hold one.
package store
