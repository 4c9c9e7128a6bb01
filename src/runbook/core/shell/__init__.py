"""Shell commands as bash reads them, for whoever judges one without running it."""
