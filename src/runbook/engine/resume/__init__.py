"""What was begun: found out, brought to an end, put back or gone on with."""
