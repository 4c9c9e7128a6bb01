"""A series found, named and looked up."""
