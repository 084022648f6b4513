"""Every change of the tables, in order; drafted by `make migrations`, applied by `dinghuo migrate`."""
