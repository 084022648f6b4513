"""Who is outside: a protocol for each kind of partner, one adapter a file."""
