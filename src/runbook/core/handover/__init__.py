"""Work handed over: its brief, the files that steer checks, and what tests say of it."""
