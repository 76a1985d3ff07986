"""The process that runs the user's script, with the user's packages."""
