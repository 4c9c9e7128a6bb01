"""The commands of the command line, in groups; `cli` gives them their names and order."""
