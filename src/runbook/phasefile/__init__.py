"""Phase files: YAML nodes with positions, and the loader that makes the model of them."""
