package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/store"
)

func TestNewPage(t *testing.T) {
	tests := []struct {
		name    string
		args    store.PageArguments
		want    store.Page
		wantErr string // a part of the message; "" is none
	}{
		{name: "nothing", want: store.Page{Limit: 50}},
		{name: "first", args: store.PageArguments{First: new(7)}, want: store.Page{Limit: 7}},
		{name: "first 0", args: store.PageArguments{First: new(0)}, want: store.Page{}},
		{name: "the most", args: store.PageArguments{First: new(1000)}, want: store.Page{Limit: 1000}},
		{name: "after", args: store.PageArguments{First: new(7), After: new("x")}, want: store.Page{Limit: 7, From: "x"}},
		{name: "after alone", args: store.PageArguments{After: new("x")}, want: store.Page{Limit: 50, From: "x"}},
		{name: "empty after is the start", args: store.PageArguments{After: new("")}, want: store.Page{Limit: 50}},
		{name: "empty after with last", args: store.PageArguments{Last: new(2), After: new("")}, want: store.Page{Limit: 2, Backward: true}},
		{name: "last", args: store.PageArguments{Last: new(7), Before: new("x")}, want: store.Page{Limit: 7, From: "x", Backward: true}},
		{name: "before alone", args: store.PageArguments{Before: new("x")}, want: store.Page{Limit: 50, From: "x", Backward: true}},
		{name: "too many", args: store.PageArguments{First: new(1001)}, wantErr: "first: 1001 is not in 0 to 1000"},
		{name: "negative", args: store.PageArguments{Last: new(-1)}, wantErr: "last: -1 is not in 0 to 1000"},
		{name: "first and last", args: store.PageArguments{First: new(1), Last: new(1)}, wantErr: "first or last"},
		{name: "after and before", args: store.PageArguments{After: new("x"), Before: new("y")}, wantErr: "after or before"},
		{name: "after and last", args: store.PageArguments{After: new("x"), Last: new(1)}, wantErr: "after goes with first"},
		{name: "before and first", args: store.PageArguments{Before: new("x"), First: new(1)}, wantErr: "before goes with last"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := store.NewPage(tt.args, store.MaxLimit)
			if tt.wantErr != "" {
				wantCode(t, err, fault.BadUserInput, tt.wantErr)
				return
			}
			if err != nil || got != tt.want {
				t.Errorf("got %+v, %v, want %+v", got, err, tt.want)
			}
		})
	}
}

func wantCode(t *testing.T, err error, code fault.Code, part string) {
	t.Helper()
	var known *fault.Error
	if !errors.As(err, &known) || known.Code != code || !strings.Contains(known.Message, part) {
		t.Errorf("got error %v, want %s with %q", err, code, part)
	}
}
