"""Tokens by which programs ask in one's own name."""
