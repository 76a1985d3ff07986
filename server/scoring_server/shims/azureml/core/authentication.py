"""`authentication` of azureml-core, which scoring scripts import but do not use."""

from azureml.core.absent import absent

AzureCliAuthentication = absent("AzureCliAuthentication")
InteractiveLoginAuthentication = absent("InteractiveLoginAuthentication")
MsiAuthentication = absent("MsiAuthentication")
ServicePrincipalAuthentication = absent("ServicePrincipalAuthentication")
