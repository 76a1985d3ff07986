"""`Model.get_model_path`, which finds the models of the image."""

import os
from pathlib import Path

from azureml.core.absent import AbsentClass
from azureml.exceptions import ModelNotFoundException, WebserviceException

MODELS_DIR = str(Path(os.environ.get("AML_APP_ROOT", ""), "azureml-models"))


class Model(metaclass=AbsentClass):
    """A registered model. Only its path is known here; all else needs azureml-core."""

    @staticmethod
    def get_model_path(model_name, version=None, _workspace=None):
        """The file or folder of a model: the only entry of the folder of its version.

        As azureml-core: without `version` the highest one, and without such a model an entry of
        that name in the working folder. Raises `ModelNotFoundException` or `WebserviceException`.
        """
        if version is not None and not isinstance(version, int):
            raise WebserviceException("version should be an int")
        folder = Path(MODELS_DIR, str(model_name))
        if not folder.is_dir():
            return _beside_the_script(model_name)
        versions = sorted(int(entry.name) for entry in folder.iterdir() if entry.name.isdecimal())
        if not versions or (version is not None and version not in versions):
            there = ", ".join(map(str, versions)) or "none"
            raise ModelNotFoundException(
                f"the model {model_name} has no version {version}: an image holds one version of "
                f"each model, in a folder of its own (here: {there})"
            )
        return _only_entry(folder / str(version or versions[-1]))


def _beside_the_script(model_name):
    if model_name and Path(model_name).exists():
        return model_name
    models = Path(MODELS_DIR)
    names = _names(models) if models.is_dir() else []
    raise ModelNotFoundException(
        f"there is no model {model_name} in {MODELS_DIR}; the models of this service are: "
        f"{', '.join(names) or 'none'}"
    )


def _only_entry(folder):
    entries = _names(folder)
    if len(entries) != 1:
        raise WebserviceException(
            f"{folder} must hold exactly one file or folder, but holds: {', '.join(entries)}"
        )
    return str(folder / entries[0])


def _names(folder):
    return sorted(entry.name for entry in folder.iterdir())
