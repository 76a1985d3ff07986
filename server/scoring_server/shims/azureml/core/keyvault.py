"""`Keyvault` of azureml-core, which scoring scripts import but do not use."""

from azureml.core.absent import absent

Keyvault = absent("Keyvault")
