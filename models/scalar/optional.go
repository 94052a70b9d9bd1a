package scalar

// OrZero is what p points at, and the zero value if p is nil.
func OrZero[T any](p *T) (zero T) {
	if p == nil {
		return zero
	}
	return *p
}
