"""What a plan says that comes of a command, as expectations."""
