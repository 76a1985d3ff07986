"""A server for the ``init()`` / ``run()`` contract of Azure Machine Learning scoring scripts."""

__version__ = "0.1.0"
