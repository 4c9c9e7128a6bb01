"""Runs killed, torn and failed at each call that changes a file, and then started again."""
