"""One record: what it says, what belongs to it, what became of it, and where it came from."""
