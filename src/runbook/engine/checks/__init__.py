"""Commands with their services, and the places in which they are judged."""
