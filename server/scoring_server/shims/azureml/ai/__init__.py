"""The package of `monitoring`."""
