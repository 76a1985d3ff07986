"""`Webservice` of azureml-core, which scoring scripts import but do not use."""

from azureml.core.absent import absent

AciWebservice = absent("AciWebservice")
AksWebservice = absent("AksWebservice")
LocalWebservice = absent("LocalWebservice")
Webservice = absent("Webservice")
