"""Data collection of Azure ML's first version, which this server does not have."""

import logging

__all__ = ["ModelDataCollector"]


class ModelDataCollector:
    """Takes data and drops it, so that a script which collects data runs unchanged."""

    def __init__(self, model_name, *_arguments, **_options):
        """Say once that nothing is collected."""
        logging.getLogger(__name__).warning("data for %s is not collected, but dropped", model_name)

    def collect(self, input_data, user_correlation_id=""):
        """Drop the data."""

    def add_correlation_headers(self, headers):
        """Return the headers as they are."""
        return headers
