"""Finds out what of azureml-defaults the code of a service needs."""

import ast
from collections.abc import Iterator
from pathlib import Path

# Modules that the image's server brings along, if this package is there.
SHIMMED = ("azureml.contrib.services", "azureml_inference_server_http.api")
SHIMS_NEED = "Werkzeug"
# A package that azureml-defaults used to bring.
SCHEMAS = ("inference_schema", "inference-schema")


def imports_azureml(code: Path) -> set[str]:
    """What the scripts of the folder need of that which azureml-defaults brought.

    `azureml` stands for azureml-defaults itself, other members are names of packages.
    """
    return {need for file in sorted(code.rglob("*.py")) for need in _needs(file)}


def _needs(file: Path) -> Iterator[str]:
    try:
        tree = ast.parse(file.read_bytes())
    except SyntaxError:
        # The script fails when it is loaded, with a better message than this one.
        return
    for node in ast.walk(tree):
        for name in _imported(node):
            if name.startswith(SHIMMED):
                yield SHIMS_NEED
            elif name.partition(".")[0] == "azureml":
                yield "azureml"
            elif name.partition(".")[0] == SCHEMAS[0]:
                yield SCHEMAS[1]


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return []
