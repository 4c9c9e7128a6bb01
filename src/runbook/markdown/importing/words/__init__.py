"""What words say, one sentence at a time: vocabulary, paths, hedges, conditions, orders."""
