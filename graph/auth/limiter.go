package auth

import (
	"math"
	"strconv"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"
)

// remembered is how many spenders a Limiter keeps. The spender that has not come for the
// longest is forgotten, and so has the whole burst again.
const remembered = 10_000

// Limiter holds each of many spenders to a rate.
type Limiter struct {
	rate  rate.Limit
	burst int

	mu      sync.Mutex
	buckets *simplelru.LRU[string, *rate.Limiter]
}

// NewLimiter lets each spender spend perSecond on average, and burst at once.
func NewLimiter(perSecond float64, burst int) *Limiter {
	buckets, err := simplelru.NewLRU[string, *rate.Limiter](remembered, nil)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &Limiter{rate: rate.Limit(perSecond), burst: max(1, burst), buckets: buckets}
}

// Spend takes cost from what the spender has, but for what it has paid of that already.
// Where that is not enough it takes nothing, and returns how long to wait until all of
// the cost is there. What costs more than the burst takes all of the burst.
func (l *Limiter) Spend(spender string, cost, paid int) (wait time.Duration, ok bool) {
	now, bucket := time.Now(), l.bucket(spender)
	cost = min(cost, l.burst)
	if bucket.AllowN(now, cost-paid) {
		return 0, true
	}
	all := bucket.ReserveN(now, cost)
	defer all.CancelAt(now)
	return all.DelayFrom(now), false
}

// Wait is how long until the spender may spend 1 again; 0 is now.
func (l *Limiter) Wait(spender string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket, ok := l.buckets.Get(spender)
	if !ok {
		return 0
	}
	missing := max(0, 1-bucket.Tokens())
	return time.Duration(missing / float64(l.rate) * float64(time.Second))
}

func (l *Limiter) bucket(spender string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket, ok := l.buckets.Get(spender)
	if !ok {
		bucket = rate.NewLimiter(l.rate, l.burst)
		l.buckets.Add(spender, bucket)
	}
	return bucket
}

// seconds is a wait in whole seconds, 1 at least, as Retry-After has it.
func seconds(wait time.Duration) int { return max(1, int(math.Ceil(wait.Seconds()))) }

func retryAfter(wait time.Duration) string { return strconv.Itoa(seconds(wait)) }
