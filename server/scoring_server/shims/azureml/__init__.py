"""What scripts import of Azure ML's packages, for environments without them."""
