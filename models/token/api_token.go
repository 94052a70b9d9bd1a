package token

import (
	"context"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// APIToken lets its bearer read. Only a hash of the token is kept.
type APIToken struct {
	ID           int64  `gorm:"primaryKey"`
	Name         string // for people; need not be unique
	Hash         []byte `gorm:"not null"` // SHA-256 of the token
	AllCustomers bool
	Customers    []scalar.CustomerID `gorm:"serializer:json"` // unless AllCustomers
	Scopes       []string            `gorm:"serializer:json"` // names of graph/auth; nil is all
	CostLimit    *int                // the most that one operation may cost; nil is the server's limit
	CreatedAt    scalar.DateTime
	ExpiresAt    *scalar.DateTime
	RevokedAt    *scalar.DateTime
}

// TableName is its table.
func (APIToken) TableName() string { return "api_tokens" }

var apiTokens = store.NewTable[APIToken]("").OfItself()

// Create keeps a token and sets its ID.
func Create(ctx context.Context, db *gorm.DB, token *APIToken) error {
	return db.WithContext(ctx).Create(token).Error
}

// Replace keeps a token in place of all that have its name.
func Replace(ctx context.Context, db *gorm.DB, token *APIToken) error {
	return db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Where("name = ?", token.Name).Delete(&APIToken{}).Error; err != nil {
			return err
		}
		return tx.Create(token).Error
	})
}

// All lists all tokens in the order in which they were made.
func All(ctx context.Context, db *gorm.DB) (tokens []*APIToken, err error) {
	return tokens, db.WithContext(ctx).Order("id").Find(&tokens).Error
}

// Revoke makes a token useless from now on and returns whether there is such a
// token. Revoking it again changes nothing.
func Revoke(ctx context.Context, db *gorm.DB, id int64, at scalar.DateTime) (bool, error) {
	found := db.WithContext(ctx).Model(&APIToken{}).Where("id = ?", id).
		Update("revoked_at", gorm.Expr("COALESCE(revoked_at, ?)", at))
	return found.RowsAffected > 0, found.Error
}

// Valid reports whether the token lets its bearer read at an instant.
func (t *APIToken) Valid(at scalar.DateTime) bool {
	return t.RevokedAt == nil && (t.ExpiresAt == nil || at < *t.ExpiresAt)
}
