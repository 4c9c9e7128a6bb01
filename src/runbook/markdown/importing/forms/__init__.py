"""The forms of words that make an edit of a block."""
