"""Phases looked over without being carried out: simulated, proved, audited."""
