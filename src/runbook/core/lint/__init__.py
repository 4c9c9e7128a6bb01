"""What phases should not rely on: findings with codes, each documented in docs/lint.md."""
