"""The pure core: the standard library only; no files, no clock, no environment, no printing."""
