"""Requests and responses of scripts, by their older names."""

from azureml.contrib.services.aml_request import rawhttp

__all__ = ["rawhttp"]
