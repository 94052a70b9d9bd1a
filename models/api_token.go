package models

// APIToken lets its bearer read. Only a hash of the token is kept.
type APIToken struct {
	ID           int64  `gorm:"primaryKey"`
	Name         string // for people; need not be unique
	Hash         []byte `gorm:"not null"` // SHA-256 of the token
	AllCustomers bool
	Customers    []CustomerID `gorm:"serializer:json"` // unless AllCustomers
	CreatedAt    DateTime
	ExpiresAt    *DateTime
	RevokedAt    *DateTime
}

// TableName is its table.
func (APIToken) TableName() string { return "api_tokens" }

var apiTokens = newTable[APIToken]("")
