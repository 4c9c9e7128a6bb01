"""What the commands of a plan do: look, change files, reach out, commit."""
