"""Where a text is found in another one, or what comes nearest."""
