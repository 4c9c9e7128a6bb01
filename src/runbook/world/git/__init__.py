"""git, asked and told."""
