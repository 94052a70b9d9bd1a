// Package billing holds the rules of balances, over rows in plain Go: what a ledger sums up
// to, what may be used at an instant, in which order balances are drawn on, what expires, and
// what customers' allowances add up to. Each rule names its source.
package billing
