"""What scripts import of Azure ML's server, for environments without it."""
