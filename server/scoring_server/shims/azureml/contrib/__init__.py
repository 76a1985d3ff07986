"""The package of `services`."""
