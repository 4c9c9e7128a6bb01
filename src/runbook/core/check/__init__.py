"""What commands did, judged against what was expected."""
