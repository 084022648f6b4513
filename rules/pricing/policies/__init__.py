"""The price policies, one in each file; `rules.pricing.registry` finds them here."""
