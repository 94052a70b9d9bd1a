package models

import (
	"io"

	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// SiteConnection is a page of sites.
type (
	SiteConnection = relay.Connection[*Site]
	SiteEdge       = relay.Edge[*Site]
)

// SiteID is the key of a Site, Elevate's site id.
type SiteID int64

// String is the raw key, the databaseId of GraphQL.
func (id SiteID) String() string { return scalar.FormatInt(id) }

// MarshalGQL writes the global ID.
func (id SiteID) MarshalGQL(w io.Writer) { scalar.WriteID(w, "Site", id.String()) }

// UnmarshalGQL takes the global ID or the raw key. The error is BAD_USER_INPUT.
func (id *SiteID) UnmarshalGQL(v any) error { return scalar.ReadIntID("Site", v, id) }

// Site is a place at which a customer takes services.
//
// Source: Elevate GET /sites.
type Site struct {
	store.Siblings[Site] `gorm:"-"`

	ID           SiteID `gorm:"primaryKey"`
	CustomerID   scalar.CustomerID
	Name         *string `fold:"yes"` // siteName
	Reference    *string `fold:"yes"` // siteReference
	StartDate    *scalar.Date
	EndDate      *scalar.Date // last day; nil while the site is open
	BusinessName *string
	Address1     *string `gorm:"column:address1"`
	Address2     *string `gorm:"column:address2"`
	Address3     *string `gorm:"column:address3"`
	Town         *string
	County       *string
	Postcode     *string
	Country      *string
	CreatedAt    *scalar.DateTime
	UpdatedAt    scalar.DateTime
	Digest       []byte
}

// Sites is the table of sites.
var Sites = store.NewTable[Site]("customer_id").
	Filters("id", "customerId", "name", "reference", "startDate", "endDate", "updatedAt").
	Orderable("NAME", "REFERENCE", "START_DATE", "UPDATED_AT").
	SearchIn("name", "reference")

// AllSites is the list at the root, Query.sites.
var AllSites = store.NewList(Sites).Field("Query.sites")

// SiteByID finds a row by its key.
var SiteByID = store.NewNode("Site", Sites, func(row *Site) SiteID { return row.ID }, scalar.ReadID[SiteID]).Field("Query.site")

// How sites are reached.
var (
	SitesOfCustomer = store.NewRelation(Sites, []string{"customer_id"},
		func(c *Customer) scalar.CustomerID { return c.ID },
		func(s *Site) scalar.CustomerID { return s.CustomerID }).Field("Customer.sites")
	CustomerOfSite = store.NewLookup(CustomerByID, func(s *Site) scalar.CustomerID { return s.CustomerID }, "customer_id").Field("Site.customer")
)

// IsNode marks what Query.node reaches.
func (Site) IsNode() {}

// DatabaseID is the raw key.
func (s *Site) DatabaseID() string { return s.ID.String() }

// Address is a postal address.
type Address struct {
	BusinessName, Address1, Address2, Address3, Town, County, Postcode, Country *string
}

// Address is nil when the source has none.
func (s *Site) Address() *Address {
	address := Address{s.BusinessName, s.Address1, s.Address2, s.Address3, s.Town, s.County, s.Postcode, s.Country}
	if address == (Address{}) {
		return nil
	}
	return &address
}
