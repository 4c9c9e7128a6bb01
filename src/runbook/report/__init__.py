"""A run looked back at: its events folded to a story, told as a page, as Markdown, as JUnit."""
