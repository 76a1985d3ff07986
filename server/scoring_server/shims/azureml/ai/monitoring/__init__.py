"""Data collection of Azure ML's endpoints, which this server does not have: data is dropped."""

import logging

from azureml.ai.monitoring.context import BasicCorrelationContext

__all__ = ["Collector"]


class Collector:
    """Takes data and drops it, so that a script which collects data runs unchanged."""

    def __init__(self, *, name, on_error=None):
        """Say once that nothing is collected; `on_error` is never called."""
        logging.getLogger(__name__).warning("data for %s is not collected, but dropped", name)

    def collect(self, data, correlation_context=None):
        """Drop the data and return the context, as the real class does."""
        return correlation_context or BasicCorrelationContext()
