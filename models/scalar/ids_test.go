package scalar_test

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// FuzzID holds that an ID that is read is written as a global ID of its type, and
// that this reads the same.
func FuzzID(f *testing.F) {
	for _, id := range []string{"10", "Site:10", "Customer:10", "Site:Site:10", "-0", "9223372036854775808", "a:b", "\x00", "7/100", "InclusiveUsageBalance:7/100", "LedgerEntry:b/1/2"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		var site, again models.SiteID
		if site.UnmarshalGQL(id) == nil {
			if text := written(t, site); again.UnmarshalGQL(text) != nil || again != site {
				t.Errorf("%q is site %d, written %q", id, site, text)
			}
		}
		var balance, balance2 models.BalanceID
		if balance.UnmarshalGQL(id) == nil {
			text := written(t, balance)
			if name, _, ok := scalar.SplitID(text); !ok || name != "Balance" || balance2.UnmarshalGQL(text) != nil || balance2 != balance {
				t.Errorf("%q is balance %q, written %q", id, balance, text)
			}
		}
		if key, err := models.ParseInclusiveUsageBalanceKey(id); err == nil {
			if back, err := models.ParseInclusiveUsageBalanceKey((&models.InclusiveUsageBalance{BillRunID: key.BillRunID, UsageProductInventoryID: key.UsageProductInventoryID}).DatabaseID()); err != nil || back != key {
				t.Errorf("%q is %+v, and that %+v, %v", id, key, back, err)
			}
		}
		if key, err := models.ParseLedgerEntryKey(id); err == nil {
			if back, err := models.ParseLedgerEntryKey((&models.LedgerEntry{BalanceID: key.BalanceID, Number: key.Number}).DatabaseID()); err != nil || back != key {
				t.Errorf("%q is %+v, and that %+v, %v", id, key, back, err)
			}
		}
	})
}

// written is an ID as GraphQL writes it.
func written(t *testing.T, id interface{ MarshalGQL(io.Writer) }) (text string) {
	t.Helper()
	var b bytes.Buffer
	id.MarshalGQL(&b)
	if err := json.Unmarshal(b.Bytes(), &text); err != nil {
		t.Fatal(err)
	}
	return text
}
