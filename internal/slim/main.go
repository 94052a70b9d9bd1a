// Command slim takes out of the code that gqlgen generates what answers here never
// need, and what it costs: the groups of fields that @defer puts off, which the
// schema does not have, and a goroutine for each element of a list. Loaders read a
// level at once, whichever element asks first, so elements have nothing to wait for
// side by side; fields of an object still run at once. Scalars that an object holds
// get no context of their own, and objects a small one, unless the token lacks a scope.
// Arguments come from package coerce.
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
	{`(?ms)^\tinputUnmarshalMap := .*?^\t\)\n`, "\tec.unguarded = unguarded(ctx)\n"},
	{`(?m)^\t+ctx = graphql\.WithUnmarshalerMap\(.*\n`, ""},
	{`(?ms)(^type executionContext struct \{\n.*?\n)(\})`, "$1\tunguarded bool\n$2"},
	{held("[A-EG-Z_]", `return graphql\.NewScalarFieldContext\(`), "$1\tif ec.unguarded {\n\t\treturn ec.$4(ctx, field.Selections, $3)\n\t}\n$2"},
	{held("", `fc = &graphql\.FieldContext\{`), "$1\tif ec.unguarded {\n\t\treturn ec.$4(within(ctx, field), field.Selections, $3)\n\t}\n$2"},
	{`ec\.(field_\w+_args)\(ctx, field\.ArgumentMap\(ec\.Variables\)\)`, "arguments(ctx, field, ec.Variables, ec.$1)"},
	{`graphql\.NewFieldSet\(`, "newFieldSet("},
	{`\*graphql\.FieldSet`, "*fieldSet"},
}

// held finds the functions of fields that their object holds, by name or by a method
// without errors, which are marshaled by a function whose name begins like this and have
// a context that is made like that. A float is not wanted: it may fail when it is written.
func held(name, made string) string {
	return `(?m)^(func \(ec \*executionContext\) .*\n)` +
		`(\treturn graphql\.ResolveField\(\n(?:\t\t.*\n){7}` +
		`\t\t\treturn (obj\.\w+(?:\(\))?), nil\n\t\t\},\n\t\tnil,\n.*\n` +
		`\t\t\treturn ec\.(marshal[NO]` + name + `[^(]*)\(ctx, selections, v\)\n(?:\t\t.*\n){3}\t\)\n\}\n` +
		`.*\n\t` + made + `)`
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
