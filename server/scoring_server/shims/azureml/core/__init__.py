"""The part of azureml-core that scoring scripts use: `Model.get_model_path`.

The other names can be imported, as scripts do at the top, but not used.
"""

from azureml.core.absent import absent
from azureml.core.dataset import Dataset
from azureml.core.datastore import Datastore
from azureml.core.environment import Environment
from azureml.core.experiment import Experiment
from azureml.core.keyvault import Keyvault
from azureml.core.model import Model
from azureml.core.run import Run
from azureml.core.webservice import Webservice
from azureml.core.workspace import Workspace

ComputeTarget = absent("ComputeTarget")
RunConfiguration = absent("RunConfiguration")
ScriptRunConfig = absent("ScriptRunConfig")
VERSION = __version__ = "not installed"

__all__ = [
    "ComputeTarget",
    "Dataset",
    "Datastore",
    "Environment",
    "Experiment",
    "Keyvault",
    "Model",
    "Run",
    "RunConfiguration",
    "ScriptRunConfig",
    "Webservice",
    "Workspace",
]
