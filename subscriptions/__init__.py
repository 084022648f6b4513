"""Who is told, live: the bell, the relay, the tails, and the subscription fields."""
