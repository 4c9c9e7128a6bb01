"""What is asked of a phase besides carrying it out."""
