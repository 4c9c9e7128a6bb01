"""Where in a file something is: each finder gives an operation, or why there is none."""
