"""Edits in memory: what files would hold, or why an edit does not apply."""
