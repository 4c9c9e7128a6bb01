"""Views of a worktree as it will be: overlays over it that only one command sees."""
