// Package admission bounds the operations that run, in time and number, and records
// what each of them did: in a line of the log, and in metrics.
package admission

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/models/fault"
)

// Settings bound the operations. They are flags of the command line.
type Settings struct {
	Timeout       time.Duration `default:"15s" env:"USAGEGRAPH_TIMEOUT" help:"How long an operation may take, waiting included (${default}; also USAGEGRAPH_TIMEOUT)."`
	MaxOperations int           `default:"${operations}" placeholder:"N" help:"How many operations run at once (${default}: 4 a core)."`
	MaxWaiting    int           `default:"256" placeholder:"N" help:"How many more wait for that; others are refused with 503 (${default})."`
	Slow          time.Duration `default:"1s" help:"The log warns of operations that take this long (${default})."`
}

// DefaultOperations is how many operations run at once if nothing else is set. An
// operation waits for the database about as long as it computes, and has statements
// that run side by side: four a core keep the cores and the connections busy, and more
// would only share them, and add what each holds in memory.
func DefaultOperations() int { return 4 * runtime.GOMAXPROCS(0) }

// Defaults are the settings where none is given.
func Defaults() Settings {
	return Settings{Timeout: 15 * time.Second, MaxOperations: DefaultOperations(), MaxWaiting: 256, Slow: time.Second}
}

// validate returns which setting makes no sense.
func (s Settings) validate() error {
	switch {
	case s.Timeout <= 0:
		return errors.New("--timeout must be more than 0")
	case s.MaxOperations < 1:
		return errors.New("--max-operations must be 1 or more")
	case s.MaxWaiting < 0:
		return errors.New("--max-waiting must be 0 or more")
	}
	return nil
}

// Controller admits the operations of a server, and records what each of them did.
type Controller struct {
	settings Settings
	gate     *gate
	metrics  *metrics
	late     *fault.Error  // why an operation ends at its deadline
	grace    time.Duration // tests shorten it
	stopping atomic.Bool   // the process is to stop
}

// New makes the controller of a server whose database is db. It fails for settings that
// make no sense. The metrics include those of the connections to db.
func New(settings Settings, db *gorm.DB) (*Controller, error) {
	if err := settings.validate(); err != nil {
		return nil, err
	}
	pool, err := db.DB()
	if err != nil {
		return nil, err
	}
	gate := newGate(settings.MaxOperations, settings.MaxWaiting)
	late := fault.New(fault.Timeout, "the operation took longer than %s", settings.Timeout)
	return &Controller{settings: settings, gate: gate, metrics: newMetrics(pool, gate), late: late, grace: grace}, nil
}

// gone stands for the codes of an operation whose client did not wait for it.
const gone = "CANCELED"

// Around runs an operation, once it is let in, until its deadline, and keeps the codes
// of its errors in the record. It is for requests that Handler passes on.
func (c *Controller) Around(ctx context.Context, run graphql.ResponseHandler) *graphql.Response {
	ctx, cancel := context.WithTimeoutCause(ctx, c.settings.Timeout, c.late)
	defer cancel()
	response := c.enter(ctx, run)
	record := For(ctx)
	if context.Cause(ctx) == context.Canceled {
		record.codes = []string{gone}
	} else if response != nil { // nil is for what is no query where only queries may come
		record.keepCodes(response)
	}
	return response
}

func (c *Controller) enter(ctx context.Context, run graphql.ResponseHandler) *graphql.Response {
	if refused := c.gate.enter(ctx); refused != nil {
		switch {
		case refused == ErrStopping:
			c.Refused(stopping)
		case context.Cause(ctx) != context.Canceled: // else the client did not wait
			c.Refused(busy)
		}
		return apierror.Refusal(refused)
	}
	defer c.gate.leave(ctx)
	return run(ctx)
}

// Stopping reports whether the process is to stop: no new clients should come, though
// those that do are served until the server has drained.
func (c *Controller) Stopping() bool { return c.stopping.Load() }
