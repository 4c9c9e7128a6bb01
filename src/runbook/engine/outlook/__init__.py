"""What comes next, and which verbs apply: judged once for all that tell it."""
