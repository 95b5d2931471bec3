"""Migrations of the app rows."""
