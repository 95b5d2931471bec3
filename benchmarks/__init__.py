"""Measurements of Tolok, runnable by anybody: ``python -m benchmarks``."""
