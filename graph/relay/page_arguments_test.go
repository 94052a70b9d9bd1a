package relay_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/graph/relay"
)

func TestNewPage(t *testing.T) {
	tests := []struct {
		name    string
		args    relay.Args
		want    relay.Page
		wantErr string // a part of the message; "" is none
	}{
		{name: "nothing", want: relay.Page{Limit: 50}},
		{name: "first", args: relay.Args{First: new(7)}, want: relay.Page{Limit: 7}},
		{name: "first 0", args: relay.Args{First: new(0)}, want: relay.Page{}},
		{name: "the most", args: relay.Args{First: new(1000)}, want: relay.Page{Limit: 1000}},
		{name: "after", args: relay.Args{First: new(7), After: new("x")}, want: relay.Page{Limit: 7, From: "x"}},
		{name: "after alone", args: relay.Args{After: new("x")}, want: relay.Page{Limit: 50, From: "x"}},
		{name: "empty after is the start", args: relay.Args{After: new("")}, want: relay.Page{Limit: 50}},
		{name: "empty after with last", args: relay.Args{Last: new(2), After: new("")}, want: relay.Page{Limit: 2, Backward: true}},
		{name: "last", args: relay.Args{Last: new(7), Before: new("x")}, want: relay.Page{Limit: 7, From: "x", Backward: true}},
		{name: "before alone", args: relay.Args{Before: new("x")}, want: relay.Page{Limit: 50, From: "x", Backward: true}},
		{name: "too many", args: relay.Args{First: new(1001)}, wantErr: "first: 1001 is not in 0 to 1000"},
		{name: "negative", args: relay.Args{Last: new(-1)}, wantErr: "last: -1 is not in 0 to 1000"},
		{name: "first and last", args: relay.Args{First: new(1), Last: new(1)}, wantErr: "first or last"},
		{name: "after and before", args: relay.Args{After: new("x"), Before: new("y")}, wantErr: "after or before"},
		{name: "after and last", args: relay.Args{After: new("x"), Last: new(1)}, wantErr: "after goes with first"},
		{name: "before and first", args: relay.Args{Before: new("x"), First: new(1)}, wantErr: "before goes with last"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := relay.NewPage(tt.args, relay.MaxLimit)
			if tt.wantErr != "" {
				wantCode(t, err, apierror.BadUserInput, tt.wantErr)
				return
			}
			if err != nil || got != tt.want {
				t.Errorf("got %+v, %v, want %+v", got, err, tt.want)
			}
		})
	}
}

func wantCode(t *testing.T, err error, code apierror.Code, part string) {
	t.Helper()
	var known *apierror.Error
	if !errors.As(err, &known) || known.Code != code || !strings.Contains(known.Message, part) {
		t.Errorf("got error %v, want %s with %q", err, code, part)
	}
}
