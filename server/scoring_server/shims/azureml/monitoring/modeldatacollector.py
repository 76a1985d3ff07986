"""`ModelDataCollector`, by its full name."""

from azureml.monitoring import ModelDataCollector

__all__ = ["ModelDataCollector"]
