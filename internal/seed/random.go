package seed

import (
	"encoding/hex"
	"math/rand/v2"

	"github.com/usagegraph/usagegraph/models/scalar"
)

// random is the source of all that is made up about one customer.
type random struct{ *rand.Rand }

// newRandom is the source of a customer; 0 is that of the catalogue.
func newRandom(seed uint64, customer scalar.CustomerID) random {
	return random{rand.New(rand.NewPCG(seed, uint64(customer)))}
}

// between is a number from lo to hi, both included.
func (r random) between(lo, hi int) int { return lo + r.IntN(hi-lo+1) }

// chance is true so many times in a hundred.
func (r random) chance(percent int) bool { return r.IntN(100) < percent }

// uuid is a UUID of version 4.
func (r random) uuid() string {
	hi, lo := r.Uint64(), r.Uint64()
	hi = hi&^0xf000 | 0x4000
	lo = lo&^(0xc0<<56) | 0x80<<56
	var raw [16]byte
	for i := range 8 {
		raw[i], raw[8+i] = byte(hi>>(56-8*i)), byte(lo>>(56-8*i))
	}
	var text [36]byte
	for _, group := range [][3]int{{0, 4, 0}, {4, 6, 9}, {6, 8, 14}, {8, 10, 19}, {10, 16, 24}} {
		hex.Encode(text[group[2]:], raw[group[0]:group[1]])
	}
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}

// pick is one of the list.
func pick[T any](r random, list []T) T { return list[r.IntN(len(list))] }

// maybe is v so many times in a hundred, and else nil.
func maybe[T any](r random, percent int, v T) *T {
	if !r.chance(percent) {
		return nil
	}
	return &v
}

// digits writes n with zeros before it, width digits in all.
func digits(n, width int) string {
	text := make([]byte, width)
	for i := width - 1; i >= 0; i-- {
		text[i] = byte('0' + n%10)
		n /= 10
	}
	return string(text)
}
