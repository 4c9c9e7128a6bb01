"""Files of a worktree, and the journal."""
