"""Signing in, the first administrator, invitations, passwords and one's own account."""
