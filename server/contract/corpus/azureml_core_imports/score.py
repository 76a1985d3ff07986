import json

import azureml.core
from azureml.core import Dataset, Experiment, Run, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.conda_dependencies import CondaDependencies
from azureml.core.environment import Environment
from azureml.core.model import Model
from azureml.core.webservice import AciWebservice, Webservice


def init():
    global names
    kinds = [Dataset, Experiment, Run, Workspace, Environment, Model, Webservice, AciWebservice]
    names = [kind.__name__ for kind in kinds]
    assert azureml.core.VERSION
    assert ServicePrincipalAuthentication and CondaDependencies


def run(raw_data):
    return [name for name in names if name in json.loads(raw_data)]
