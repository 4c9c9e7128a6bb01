"""Views of a run's events: all prose of the program stands here."""
