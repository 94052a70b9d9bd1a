// Package models holds the nouns of the graph, a file each: the row as a struct, its table
// with filters and orders, its relations, and the rules that one row must keep. All of it is
// data that package store renders as SQL.
package models
