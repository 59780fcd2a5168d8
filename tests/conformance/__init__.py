"""Compares vecgate with recorded or running databases; see README.md."""
