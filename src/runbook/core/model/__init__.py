"""What a series says: its phases, tasks, steps and operations, as values."""
