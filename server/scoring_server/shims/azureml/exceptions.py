"""The errors that `Model.get_model_path` raises."""


class AzureMLException(Exception):
    """An error of Azure ML's packages."""


class WebserviceException(AzureMLException):
    """An error of a deployed service."""


class ModelNotFoundException(WebserviceException):
    """There is no such model in the image."""
