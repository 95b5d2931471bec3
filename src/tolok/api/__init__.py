"""The read API: the same questions and the same row rules as everywhere, over HTTP with a token."""
