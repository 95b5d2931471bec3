"""What figures mean: comparisons that hold up with small numbers. Pure functions over answers, one method per file."""
