"""What a run is asked, and how it stops."""
