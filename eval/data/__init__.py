"""Evaluation sets that ship with the package."""
