"""Where data comes from: one folder per kind of source, each saying how it is recognised, read and mapped."""
