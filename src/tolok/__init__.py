"""Tolok."""
