"""What an operation makes of a text."""
