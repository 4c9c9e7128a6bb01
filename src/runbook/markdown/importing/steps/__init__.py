"""The steps of a task, and the account of what was left to a person."""
