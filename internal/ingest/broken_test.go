package ingest_test

import (
	"errors"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/ingest"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// change is a row with from replaced by to, which must be refused with want.
type change struct{ name, from, to, want string }

// breakable are a good row of each kind and what breaks it. A %s is a place for
// a further field.
var breakable = []struct {
	kind, row string
	changes   []change
}{
	{"customers", `{"id":9,"customerName":"N","customerType":"BUSINESS","startDate":"2025-01-01","externalIds":[{"system":"s","value":"v"}]%s}`, []change{
		{"no key", `"id":9,`, ``, `id: found nothing, expected an integer from 1 to 9223372036854775807`},
		{"key of 0", `"id":9`, `"id":0`, `id: found 0, expected an integer from 1`},
		{"key with a fraction", `"id":9`, `"id":9.5`, `id: found 9.5, expected an integer from 1`},
		{"key past int64", `"id":9`, `"id":9223372036854775808`, `id: found 9223372036854775808, expected an integer`},
		{"key of 1e400", `"id":9`, `"id":1e400`, `id: found 1e400, expected an integer`},
		{"wrong type", `"N"`, `7`, `customerName: found 7, expected a string`},
		{"bad date", `2025-01-01`, `2025-02-30`, `startDate: found "2025-02-30", expected a date that exists`},
		{"unknown enum", `BUSINESS`, `CHARITY`, `customerType: found "CHARITY", expected one of RESIDENTIAL, BUSINESS, RESELLER, STAFF_MEMBER`},
		{"child of the wrong type", `[{"system":"s","value":"v"}]`, `["s:v"]`, `externalIds[0]: found "s:v", expected an object`},
		{"child without a value", `,"value":"v"`, ``, `externalIds[0].value: found nothing, expected a string`},
		{"child twice", `[{`, `[{"system":"s","value":"v"},{`, `externalIds[1].value: found "v", expected each external id once`},
	}},
	{"sites", `{"id":9,"customerId":1,"siteName":"N","startDate":"2025-01-01","siteAddress":{"town":"T"}%s}`, []change{
		{"no key", `"id":9,`, ``, `id: found nothing`},
		{"no parent", `"customerId":1,`, ``, `customerId: found nothing`},
		{"unknown parent", `"customerId":1`, `"customerId":77`, `customerId: found 77, expected the id of a customer that was imported`},
		{"wrong type", `"N"`, `true`, `siteName: found true, expected a string`},
		{"wrong type within", `"T"`, `["T"]`, `siteAddress.town: found a list, expected a string`},
		{"bad date", `2025-01-01`, `2025-13-01`, `startDate: found "2025-13-01"`},
	}},
	{"usage-products", `{"id":9,"name":"N","availableFrom":"2025-01-01","serviceIdRequired":true%s}`, []change{
		{"no key", `"id":9,`, ``, `id: found nothing`},
		{"wrong type", `true`, `"yes"`, `serviceIdRequired: found "yes", expected true or false`},
		{"bad date", `2025-01-01`, `01/01/2025`, `availableFrom: found "01/01/2025"`},
	}},
	{"bill-runs", `{"id":9,"name":"N","periodStartDate":"2025-01-01","billRunStatus":"OPEN","created":"2025-01-01T00:00:00Z"%s}`, []change{
		{"no key", `"id":9,`, ``, `id: found nothing`},
		{"wrong type", `"N"`, `{}`, `name: found an object, expected a string`},
		{"bad date", `"2025-01-01"`, `"2025-02-29"`, `periodStartDate: found "2025-02-29"`},
		{"bad instant", `T00:00:00Z`, ` 00:00`, `created: found "2025-01-01 00:00", expected an RFC 3339 date and time`},
		{"unknown enum", `OPEN`, `HALTED`, `billRunStatus: found "HALTED", expected one of OPEN, CLOSED, FINALIZED`},
	}},
	{"inclusive-usage-plans", `{"id":9,"name":"N","availableFrom":"2025-01-01","rolloverPeriods":2,"minQualifyingQuantity":1.5%s}`, []change{
		{"no key", `"id":9,`, ``, `id: found nothing`},
		{"wrong type", `2,`, `"two",`, `rolloverPeriods: found "two", expected an integer from 0`},
		{"too many places", `1.5`, `1.1234567`, `minQualifyingQuantity: found 1.1234567, expected at most six decimal places`},
		{"1e400", `1.5`, `1e400`, `minQualifyingQuantity: found 1e400, expected a number from -9.2e12 to 9.2e12`},
		{"bad date", `2025-01-01`, `2025-04-31`, `availableFrom: found "2025-04-31"`},
	}},
	{"usage-product-inventories", `{"id":9,"siteId":10,"usageProductId":1,"startDate":"2025-01-01","defaultUsageCap":5,"productReferences":[{"id":9,"productReference":"R"}]%s}`, []change{
		{"no key", `"id":9,"siteId"`, `"siteId"`, `: id: found nothing`},
		{"no product", `"usageProductId":1,`, ``, `usageProductId: found nothing`},
		{"no start", `"startDate":"2025-01-01",`, ``, `startDate: found nothing, expected a date that exists`},
		{"unknown parent", `"siteId":10`, `"siteId":77`, `siteId: found 77, expected the id of a site that was imported`},
		{"wrong type", `"siteId":10`, `"siteId":[10]`, `siteId: found a list, expected an integer`},
		{"bad date", `2025-01-01`, `2025-02-30`, `startDate: found "2025-02-30"`},
		{"too many places", `:5,`, `:0.00000001,`, `defaultUsageCap: found 0.00000001, expected at most six decimal places`},
		{"1e400", `:5,`, `:1e400,`, `defaultUsageCap: found 1e400`},
		{"no references", `[{"id":9,"productReference":"R"}]`, `[]`, `productReferences: found a list, expected a list of at least one reference`},
		{"references absent", `,"productReferences":[{"id":9,"productReference":"R"}]`, ``, `productReferences: found nothing`},
		{"reference without a key", `{"id":9,"productReference"`, `{"productReference"`, `productReferences[0].id: found nothing`},
		{"reference without a reference", `,"productReference":"R"`, ``, `productReferences[0].productReference: found nothing, expected a string`},
		{"reference twice", `[{`, `[{"id":9,"productReference":"R"},{`, `productReferences[1].id: found 9, expected each reference once`},
	}},
	{"inclusive-usage-balances", `{"billRunId":8,"usageProductInventoryId":100,"periodStartDate":"2025-01-01","inclusiveUsageBalanceAssignments":[` +
		`{"assignmentId":1,"assignmentLevel":"SITE","components":[{"componentId":1,"chargingType":"MB","allowance":5,"remaining":4,"startDate":"2025-01-01 00:00:00"}]}]%s}`, []change{
		{"no bill run", `"billRunId":8,`, ``, `billRunId: found nothing`},
		{"no inventory", `"usageProductInventoryId":100,`, ``, `usageProductInventoryId: found nothing`},
		{"unknown parent", `:100`, `:77`, `usageProductInventoryId: found 77, expected the id of an inventory that was imported`},
		{"wrong type", `[{"componentId"`, `[7,{"componentId"`, `inclusiveUsageBalanceAssignments[0].components[0]: found 7, expected an object`},
		{"bad date", `"2025-01-01"`, `"2025-02-30"`, `periodStartDate: found "2025-02-30"`},
		{"bad local time", `00:00:00`, `25:00:00`, `components[0].startDate: found "2025-01-01 25:00:00", expected a date and time that exist`},
		{"no start", `,"startDate":"2025-01-01 00:00:00"`, ``, `components[0].startDate: found nothing`},
		{"unknown level", `SITE`, `ROOM`, `inclusiveUsageBalanceAssignments[0].assignmentLevel: found "ROOM", expected one of CUSTOMER, SITE, INVENTORY`},
		{"unknown charging type", `"MB"`, `"GB"`, `components[0].chargingType: found "GB", expected one of DURATION, MB, ONE_OFF`},
		{"too many places", `:4,`, `:4.0000001,`, `components[0].remaining: found 4.0000001`},
		{"1e400", `:5,`, `:1e400,`, `components[0].allowance: found 1e400`},
		{"no allowance", `"allowance":5,`, ``, `components[0].allowance: found nothing, expected a number`},
		{"assignment twice", `Assignments":[`, `Assignments":[{"assignmentId":1,"assignmentLevel":"SITE"},`, `inclusiveUsageBalanceAssignments[1].assignmentId: found 1, expected each assignment once`},
		{"component twice", `"components":[`, `"components":[{"componentId":1,"chargingType":"MB","allowance":5,"remaining":4,"startDate":"2025-01-01T00:00:00"},`, `components[1].componentId: found 1, expected each component once for a start`},
	}},
	{"invoices", `{"id":"i","status":"draft","name":"N"%s}`, []change{
		{"no key", `"id":"i",`, ``, `id: found nothing, expected a string`},
		{"empty key", `"i"`, `""`, `id: found "", expected a string that is not empty`},
		{"long key", `"i"`, `"` + strings.Repeat("k", 256) + `"`, `id: found "` + strings.Repeat("k", 60) + `…", expected a string of at most 255 bytes`},
		{"no status", `"status":"draft",`, ``, `status: found nothing, expected one of DRAFT, FINALIZED, VOID`},
		{"unknown enum", `draft`, `lost`, `status: found "lost", expected one of DRAFT, FINALIZED, VOID`},
		{"wrong type", `"N"`, `[]`, `name: found a list, expected a string`},
	}},
	{"balances", `{"id":"b","customer_id":1,"type":"CREDIT","priority":1.5,"rollover_fraction":0.5,"created_at":"2025-01-01T00:00:00Z","access_schedule":{"credit_type":{"id":"usd"},` +
		`"schedule_items":[{"id":"s","amount":5,"starting_at":"2025-01-01T00:00:00Z","ending_before":"2025-02-01T00:00:00Z"}]},` +
		`"ledger":[{"type":"CREDIT_SEGMENT_START","amount":5,"timestamp":"2025-01-01T00:00:00Z","segment_id":"s"}],"custom_fields":{"k":"v"}%s}`, []change{
		{"no key", `"id":"b",`, ``, `id: found nothing`},
		{"no customer", `"customer_id":1,`, ``, `customer_id: found nothing, expected a customer, in the row or by --customer`},
		{"unknown parent", `"customer_id":1,`, `"customer":{"id":"nobody"},`, `customer.id: found "nobody", expected the id of a customer that was imported, or an external id of one`},
		{"two customers", `"customer_id":1,`, `"customer_id":1,"customer":"2",`, `customer: found "2", expected Customer:1, as customer_id says`},
		{"unknown enum", `"CREDIT"`, `"DEBT"`, `type: found "DEBT", expected one of PREPAID, POSTPAID, CREDIT`},
		{"no type", `"type":"CREDIT",`, ``, `type: found nothing`},
		{"wrong type", `1.5`, `"high"`, `priority: found "high", expected a number`},
		{"1e400 as a float", `1.5`, `1e400`, `priority: found 1e400, expected a number within the range of a double`},
		{"1e400", `"amount":5,"starting_at"`, `"amount":1e400,"starting_at"`, `access_schedule.schedule_items[0].amount: found 1e400`},
		{"too many places", `"amount":5,"timestamp"`, `"amount":5.0000005,"timestamp"`, `ledger[0].amount: found 5.0000005`},
		{"bad date", `"ending_before":"2025-02-01`, `"ending_before":"2025-02-30`, `schedule_items[0].ending_before: found "2025-02-30T00:00:00Z"`},
		{"no timestamp", `"timestamp":"2025-01-01T00:00:00Z",`, ``, `ledger[0].timestamp: found nothing`},
		{"unknown entry", `CREDIT_SEGMENT_START`, `DEPOSIT`, `ledger[0].type: found "DEPOSIT", expected one of `},
		{"custom field of a number", `"k":"v"`, `"k":1`, `custom_fields.k: found 1, expected a string`},
		{"rule 1, order", `"ending_before":"2025-02-01T00:00:00Z"`, `"ending_before":"2025-01-01T01:00:00+01:00"`, `ending_before: found "2025-01-01T01:00:00+01:00", expected an instant after starting_at`},
		{"rule 1, amount", `"amount":5,"starting_at"`, `"amount":-5,"starting_at"`, `amount: found -5, expected a number that is not below 0`},
		{"rule 2, segments", `"CREDIT","priority"`, `"POSTPAID","access_schedule_":1,"priority"`, `ledger: found POSTPAID_COMMIT_INITIAL_BALANCE of 0, expected the amount of the segment, 5`},
		{"rule 6", `{"id":"s",`, `{"id":"s","credit_type":{"id":"eur"},`, `schedule_items[0].credit_type: found "eur", expected the credit type of the schedule: a balance has one`},
		{"rule 7", `0.5`, `1.01`, `rollover_fraction: found 1.01, expected a number from 0 to 1`},
		{"segment twice", `"schedule_items":[`, `"schedule_items":[{"id":"s","amount":5,"starting_at":"2025-01-01T00:00:00Z","ending_before":"2025-02-01T00:00:00Z"},`, `schedule_items[1].id: found "s", expected each segment once in a balance`},
	}},
	{"entitlement-balances", `{"id":"e","customer":"zk-cust-1","entitlement":"d","type":"quantity","quantity":5,"active_from":"2025-01-01T00:00:00Z"%s}`, []change{
		{"no key", `"id":"e",`, ``, `id: found nothing`},
		{"no customer", `"customer":"zk-cust-1",`, ``, `customer_id: found nothing`},
		{"unknown parent", `zk-cust-1`, `zk-cust-2`, `customer: found "zk-cust-2", expected the id of a customer`},
		{"unknown enum", `quantity",`, `Minutes",`, `type: found "Minutes", expected one of FEATURE, QUANTITY, CREDITS`},
		{"wrong type", `"d"`, `["d"]`, `entitlement: found a list, expected a string`},
		{"bad date", `2025-01-01`, `2025-02-30`, `active_from: found "2025-02-30T00:00:00Z"`},
		{"1e400", `:5,`, `:1e400,`, `quantity: found 1e400`},
		{"too many places", `:5,`, `:5.1234567,`, `quantity: found 5.1234567`},
		{"two contracts", `"entitlement"`, `"contract_id":"a","contract":{"id":"b"},"entitlement"`, `contract_id: found "a", expected the id in contract`},
	}},
}

// TestBroken imports files of each kind whose second row is broken in one way.
func TestBroken(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db)
		before := dump(t, db, true)
		for _, b := range breakable {
			good := strings.Replace(b.row, "%s", "", 1)
			for _, c := range b.changes {
				t.Run(b.kind+"/"+c.name, func(t *testing.T) {
					if strings.Count(good, c.from) == 0 {
						t.Fatalf("the row lacks %s", c.from)
					}
					bad := strings.Replace(good, c.from, c.to, 1)
					expect(t, db, file{kind: b.kind, content: `[{"id":"x"},` + bad + `]`}, `test.json: row 2: `, c.want)
				})
			}
			for _, c := range brokenJSON(t, b.row) {
				t.Run(b.kind+"/"+c.name, func(t *testing.T) {
					name := "test.json"
					if strings.HasSuffix(c.name, "gzip") {
						name += ".gz"
					}
					expect(t, db, file{kind: b.kind, name: name, content: c.to}, c.want)
				})
			}
		}
		same(t, "the database", before, dump(t, db, true))
		for _, b := range breakable {
			file{kind: b.kind, content: strings.Replace(b.row, "%s", "", 1)}.must(t, db)
		}
	})
}

// brokenJSON are files that hold the row, and break JSON in ways that have nothing
// to do with the kind.
func brokenJSON(t *testing.T, row string) []change {
	good := strings.Replace(row, "%s", "", 1)
	with := func(field string) string { return strings.Replace(row, "%s", ","+field, 1) }
	deep := `"x":` + strings.Repeat("[", 100) + strings.Repeat("]", 100)
	packed := zipped(t, strings.Repeat(good+"\n", 100))
	return []change{
		{"empty", "", "", `row 1: $: found an empty file, expected JSON`},
		{"truncated", "", "[" + good + "," + good[:len(good)-1], `row 2: $: found the end of the file, expected the rest of the JSON`},
		{"truncated in a string", "", "[" + with(`"x":"yz`)[:len(row)], `found the end of the file`},
		{"truncated after a row", "", "[" + good, `row 2: $: found the end of the file`},
		{"no rows", "", `[7]`, `row 1: $: found 7, expected an object`},
		{"a scalar", "", `"x"`, `row 1: $: found "x", expected an object`},
		{"duplicate key", "", with(`"x":{"y":1,"y":2}`), `row 1: x.y: found the key twice, expected each key once in an object`},
		{"deep nesting", "", with(deep), `row 1: x[0][0][0]`},
		{"NaN", "", with(`"x":{"y":NaN}`), `row 1: x.y: found an error in the JSON (invalid character 'N' looking for beginning of value)`},
		{"trailing comma", "", "[" + good + ",]", `row 2: $: found an error in the JSON`},
		{"garbage after it", "", "[" + good + "]]", `row 2: $: found an error in the JSON`},
		{"invalid UTF-8", "", with("\"x\":\"\xff\""), `row 1: x: found bytes that are not UTF-8, expected UTF-8`},
		{"UTF-8 cut at the end", "", good + "\xe2\x82", `row 2: $: found bytes that are not UTF-8`},
		{"half a surrogate pair", "", with(`"x":"\ud83d!"`), `row 1: x: found an escape of half a character`},
		{"the other half", "", with(`"x":"\ude00"`), `row 1: x: found an escape of half a character`},
		{"NUL", "", with(`"x":["a\u0000b"]`), `row 1: x[0]: found "a\x00b", expected no NUL character`},
		{"NUL in a key", "", with(`"\u0000":1`), `row 1: \x00: found "\x00", expected no NUL character`},
		{"truncated gzip", "", packed[:len(packed)-10], `found the end of the file`},
		{"damaged gzip", "", packed[:20] + strings.Repeat("\xff", 8) + packed[28:], `found `},
		{"no gzip", "", good, `row 1: $: found damaged gzip data (gzip: invalid header), expected gzip`},
		{"different copy", "", "[" + good + "," + variant(good) + "]", `, expected a key that row 1 does not have, or all the same values as there`},
	}
}

// variant is the row with another value that its kind keeps.
func variant(good string) string {
	for _, r := range [][2]string{{`"N"`, `"M"`}, {`"R"`, `"S"`}, {`"remaining":4`, `"remaining":3`}, {`"priority":1.5`, `"priority":2`}, {`"quantity":5`, `"quantity":6`}} {
		if strings.Contains(good, r[0]) {
			return strings.Replace(good, r[0], r[1], 1)
		}
	}
	return good
}

// expect imports a file that must be refused with all of the texts.
func expect(t *testing.T, db *gorm.DB, f file, texts ...string) {
	t.Helper()
	_, err := f.run(t, db)
	var refusal *ingest.Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("got %v, want a refusal with %q", err, texts)
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("the error lacks %q:\n%v", text, err)
		}
	}
}
