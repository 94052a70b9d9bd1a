package billing

import (
	"slices"

	"github.com/usagegraph/usagegraph/models"
)

// balanceApplies reports whether usage may draw on a balance, as far as the usage is
// known. Where the answer depends on what is not known, applies is true and unknown
// lists what is missing.
//
// Source: Metronome, applicable_product_ids, applicable_product_tags and
// specifiers: a balance with none of them is for all products, one with product
// IDs and tags for the products that have either, one with specifiers for usage
// that satisfies one of them.
func balanceApplies(b *models.Balance, usage Usage) (applies bool, unknown []models.DrawdownUnknownReason) {
	type condition = func() (bool, []models.DrawdownUnknownReason)
	var any []condition
	if len(b.ApplicableProductIds) > 0 {
		any = append(any, func() (bool, []models.DrawdownUnknownReason) { return usage.isProduct(b.ApplicableProductIds...) })
	}
	if len(b.ApplicableProductTags) > 0 {
		any = append(any, func() (bool, []models.DrawdownUnknownReason) {
			return usage.hasTags(func(has []string) bool {
				return slices.ContainsFunc(b.ApplicableProductTags, func(tag string) bool { return slices.Contains(has, tag) })
			})
		})
	}
	for _, s := range b.Specifiers {
		any = append(any, func() (bool, []models.DrawdownUnknownReason) { return specifierApplies(s, usage) })
	}
	if len(any) == 0 {
		return true, nil
	}
	for _, holds := range any {
		maybe, why := holds()
		if maybe && why == nil {
			return true, nil
		}
		if maybe {
			applies, unknown = true, append(unknown, why...)
		}
	}
	return applies, unknown
}

// specifierApplies reports whether usage satisfies the specifier: all that it names.
func specifierApplies(s *models.BalanceSpecifier, usage Usage) (applies bool, unknown []models.DrawdownUnknownReason) {
	if s.ProductID != nil {
		if applies, unknown = usage.isProduct(*s.ProductID); !applies {
			return false, nil
		}
	}
	if len(s.ProductTags) > 0 {
		applies, why := usage.hasTags(func(has []string) bool {
			return !slices.ContainsFunc(s.ProductTags, func(tag string) bool { return !slices.Contains(has, tag) })
		})
		if !applies {
			return false, nil
		}
		unknown = append(unknown, why...)
	}
	if hasGroupValues(s) {
		unknown = append(unknown, models.DrawdownUnknownReasonGroupValues)
	}
	return true, unknown
}

func hasGroupValues(s *models.BalanceSpecifier) bool {
	return len(s.PricingGroupValues) > 0 || len(s.PresentationGroupValues) > 0
}

// isProduct reports whether the product is one of these.
func (u Usage) isProduct(ids ...string) (bool, []models.DrawdownUnknownReason) {
	if u.ProductID == nil {
		return true, []models.DrawdownUnknownReason{models.DrawdownUnknownReasonProduct}
	}
	return slices.Contains(ids, *u.ProductID), nil
}

// hasTags reports whether the product's tags are as wanted.
func (u Usage) hasTags(want func([]string) bool) (bool, []models.DrawdownUnknownReason) {
	if u.ProductTags == nil {
		return true, []models.DrawdownUnknownReason{models.DrawdownUnknownReasonProductTags}
	}
	return want(u.ProductTags), nil
}
