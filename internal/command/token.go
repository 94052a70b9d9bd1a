package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/token"
)

// Token makes, lists and revokes API tokens.
type Token struct {
	Create TokenCreate `cmd:"" help:"Make a token and print it, once: only its hash is kept."`
	List   TokenList   `cmd:"" help:"List all tokens, without the tokens themselves."`
	Revoke TokenRevoke `cmd:"" help:"Make a token useless at once."`
}

// TokenCreate makes a token.
type TokenCreate struct {
	Name         string   `required:"" help:"What it is for. Need not be unique."`
	Customers    []string `xor:"customers" required:"" placeholder:"ID,…" help:"The customers whose rows it may read: 1,2 or Customer:1."`
	AllCustomers bool     `xor:"customers" required:"" help:"It may read the rows of all customers."`
	Scopes       []string `placeholder:"SCOPE,…" help:"What of these rows it may read: inventory, usage, balances, entitlements. All when not given."`
	CostLimit    *int     `placeholder:"N" help:"The most that one operation may cost. The server's limit when not given."`
	Expires      string   `placeholder:"90d" help:"When it ends: a number of days (90d) or a duration (12h). Never when not given."`
}

// TokenList lists all tokens.
type TokenList struct{}

// TokenRevoke revokes a token.
type TokenRevoke struct {
	ID int64 `arg:"" help:"The token's ID, from token list."`
}

// Run runs the command.
func (c TokenCreate) Run(ctx context.Context, address *Database) error {
	row, err := c.row()
	if err != nil {
		return err
	}
	db, err := address.Open(ctx)
	if err != nil {
		return err
	}
	defer database.Close(db)
	// They may be imported later, so that a token for them is no mistake.
	unknown, err := models.UnknownCustomers(ctx, db, row.Customers)
	if err != nil {
		return fmt.Errorf("look the customers up: %w", err)
	}
	bearer, hash := auth.NewToken()
	row.Hash = hash
	if err := token.Create(ctx, db, &row); err != nil {
		return fmt.Errorf("keep the token: %w", err)
	}
	for _, id := range unknown {
		fmt.Fprintf(os.Stderr, "Warning: there is no customer %s yet. The token reads nothing of it until it is imported.\n", id)
	}
	fmt.Fprintf(os.Stderr, "Token %d (%s). It is shown this once.\n", row.ID, row.Name)
	fmt.Println(bearer)
	return nil
}

// row is what the flags ask for.
func (c TokenCreate) row() (token.APIToken, error) {
	row := token.APIToken{Name: c.Name, AllCustomers: c.AllCustomers, CreatedAt: scalar.Now()}
	if !c.AllCustomers && len(c.Customers) == 0 {
		return row, errors.New("--customers: give the ID of one customer at least")
	}
	for _, id := range c.Customers {
		var customer scalar.CustomerID
		if err := customer.UnmarshalGQL(strings.TrimSpace(id)); err != nil {
			return row, fmt.Errorf("--customers: %w", err)
		}
		row.Customers = append(row.Customers, customer)
	}
	scopes, err := auth.ParseScopes(c.Scopes)
	if c.Scopes != nil && len(c.Scopes) == 0 {
		err = errors.New("give one at least")
	}
	if err != nil {
		return row, fmt.Errorf("--scopes: %w", err)
	}
	row.Scopes = scopes.Names()
	if c.CostLimit != nil && *c.CostLimit < 1 {
		return row, errors.New("--cost-limit: give a cost above 0")
	}
	row.CostLimit = c.CostLimit
	if c.Expires != "" {
		lasts, err := parseDays(c.Expires)
		if err != nil {
			return row, fmt.Errorf("--expires: %w", err)
		}
		expires := row.CreatedAt + scalar.DateTime(lasts.Microseconds())
		row.ExpiresAt = &expires
	}
	return row, nil
}

// maxDays bounds how long a token lasts, far from the end of the calendar.
const maxDays = 36500

func parseDays(text string) (time.Duration, error) {
	var lasts time.Duration
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n > maxDays {
			return 0, fmt.Errorf("%q is not a number of days, at most %d", text, maxDays)
		}
		lasts = time.Duration(n) * 24 * time.Hour
	} else {
		var err error
		if lasts, err = time.ParseDuration(text); err != nil {
			return 0, fmt.Errorf("%q is not a number of days (90d) or a duration (12h)", text)
		}
	}
	if lasts <= 0 {
		return 0, errors.New("the token would have ended already")
	}
	return lasts, nil
}

// Run runs the command.
func (TokenList) Run(ctx context.Context, address *Database) error {
	db, err := address.OpenToRead(ctx)
	if err != nil {
		return err
	}
	defer database.Close(db)
	tokens, err := token.All(ctx, db)
	if err != nil {
		return err
	}
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "ID\tNAME\tCUSTOMERS\tSCOPES\tCOST LIMIT\tCREATED\tEXPIRES\tREVOKED")
	for _, token := range tokens {
		fmt.Fprintf(out, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", token.ID, token.Name, customersOf(token), scopesOf(token), costLimitOf(token), token.CreatedAt, when(token.ExpiresAt), when(token.RevokedAt))
	}
	return out.Flush()
}

func customersOf(token *token.APIToken) string {
	if token.AllCustomers {
		return "all"
	}
	ids := make([]string, len(token.Customers))
	for i, id := range token.Customers {
		ids[i] = id.String()
	}
	return strings.Join(ids, ",")
}

func scopesOf(token *token.APIToken) string {
	if token.Scopes == nil {
		return "all"
	}
	return strings.Join(token.Scopes, ",")
}

func costLimitOf(token *token.APIToken) string {
	if token.CostLimit == nil {
		return "-"
	}
	return strconv.Itoa(*token.CostLimit)
}

func when(at *scalar.DateTime) string {
	if at == nil {
		return "-"
	}
	return at.String()
}

// Run runs the command.
func (c TokenRevoke) Run(ctx context.Context, address *Database) error {
	db, err := address.Open(ctx)
	if err != nil {
		return err
	}
	defer database.Close(db)
	found, err := token.Revoke(ctx, db, c.ID, scalar.Now())
	if err == nil && !found {
		err = fmt.Errorf("there is no token %d", c.ID)
	}
	if err == nil {
		fmt.Fprintf(os.Stderr, "Token %d is revoked.\n", c.ID)
	}
	return err
}
