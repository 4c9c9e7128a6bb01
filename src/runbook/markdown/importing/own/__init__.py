"""Plans that runbook wrote itself, also those whose hidden comments are gone."""
