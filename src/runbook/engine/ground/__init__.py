"""Where a phase is carried out, what is declared and changed there, and how files are put."""
