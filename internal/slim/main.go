// Command slim takes out of the code that gqlgen generates what answers here never
// need, and what it costs: the groups of fields that @defer puts off, which the
// schema does not have, and a goroutine for each element of a list. Loaders read a
// level at once, whichever element asks first, so elements have nothing to wait for
// side by side; fields of an object still run at once.
//
//	slim graph/generated.go
package main

import (
	"bytes"
	"fmt"
	"go/format"
	"os"
	"regexp"
)

// cuts are what is replaced. Each must be found, so that another version of gqlgen,
// which may write other code, is noticed.
var cuts = []struct {
	what, by string
}{
	{`(?m)^\tdeferredFieldSet := graphql\.NewFieldSet\(nil\)\n`, ""},
	{`(?m)^\tdeferLabelToView := make\(.*\)\n`, ""},
	{`(?ms)^\t\t\tif field\.IsDeferred\(\) \{\n.*?^\t\t\t\}\n\n`, ""},
	{`(?m)^\tatomic\.AddInt32\(&ec\.Deferred, .*\n\n`, ""},
	{`(?ms)^\tec\.ProcessDeferredGroup\(.*?^\t\}\)\n\n`, ""},
	{`graphql\.MarshalSliceConcurrently\(ctx, len\(v\), 0, false, `, "marshalList(ctx, len(v), "},
	{`(?m)^\t"math"\n`, ""},
}

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "slim:", err)
		os.Exit(1)
	}
}

func run(path string) error {
	code, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for _, cut := range cuts {
		slimmer := regexp.MustCompile(cut.what).ReplaceAll(code, []byte(cut.by))
		if bytes.Equal(slimmer, code) {
			return fmt.Errorf("%s has nothing like %s", path, cut.what)
		}
		code = slimmer
	}
	if code, err = format.Source(code); err != nil {
		return err
	}
	return os.WriteFile(path, code, 0o644)
}
