"""The engine: carries a phase out as a generator of events and prints nothing."""
