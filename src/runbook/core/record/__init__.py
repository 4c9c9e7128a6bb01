"""What happened, as events, and what follows of it."""
