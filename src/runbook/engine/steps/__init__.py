"""Each kind of step, carried out."""
