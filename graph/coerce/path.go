package coerce

import (
	"strconv"
	"strings"
)

// path leads to a value: the variable or argument that it is in, then fields and
// elements. It shares what leads to the values around it.
type path struct {
	up    *path
	name  string
	index int // of an element, where name is ""
}

func (p path) field(name string) path { return path{&p, name, 0} }

func (p path) element(i int) path { return path{&p, "", i} }

// String is the path as people write it: $filter.and[2].name.
func (p path) String() string {
	var b strings.Builder
	p.write(&b)
	return b.String()
}

func (p path) write(b *strings.Builder) {
	if p.up != nil {
		p.up.write(b)
	}
	switch {
	case p.name == "":
		b.WriteString("[" + strconv.Itoa(p.index) + "]")
	case p.up != nil:
		b.WriteString("." + p.name)
	default:
		b.WriteString(p.name)
	}
}
