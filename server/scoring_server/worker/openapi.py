"""Describes the service in OpenAPI 2 and 3."""

from __future__ import annotations

import msgspec
from apispec import APISpec

from scoring_server.worker.contract import Contract

_VERSIONS = {"openapi2": "2.0", "openapi3": "3.0.3"}
_ERRORS = {
    "400": "The body is invalid; `path` says where.",
    "401": "No key, or a wrong one.",
    "413": "The body is too large.",
    "415": "The media type of the body is not accepted.",
    "500": "The scoring script failed.",
    "503": "Too many requests are waiting, or the service is not ready; try again.",
    "504": "The scoring script exceeded its time limit.",
}


def documents(service: str, contract: Contract) -> dict[str, bytes]:
    """Both versions, ready to be sent."""
    return {
        name: msgspec.json.encode(_describe(service, contract, version))
        for name, version in _VERSIONS.items()
    }


def _describe(service: str, contract: Contract, version: str) -> dict:
    spec = APISpec(
        title=service or "scoring service",
        version="1.0",
        openapi_version=version,
        info={"description": contract.description},
    )
    second = version.startswith("2")
    for name, schema in (
        ("ServiceInput", contract.input_schema),
        ("ServiceOutput", contract.output_schema),
        ("ErrorResponse", _error_schema()),
    ):
        spec.components.schema(name, schema)
    key = {"type": "apiKey", "name": "Authorization", "in": "header"}
    bearer = {"type": "http", "scheme": "bearer"}
    spec.components.security_scheme("key", key if second else bearer)
    paths = {"/score": "RunMLService"}
    if service:
        paths[f"/api/v1/service/{service}/score"] = "RunMLServiceByName"
    for path, operation_id in paths.items():
        operation = {**_operation(contract, second), "operationId": operation_id}
        spec.path(path=path, operations={"post": operation})
    return spec.to_dict()


def _operation(contract: Contract, second: bool) -> dict:
    operation = {
        "summary": "Score the rows of the body.",
        "security": [{"key": []}],
        "responses": {
            "200": _response("The result of the scoring script.", "ServiceOutput", second),
            **{code: _response(text, "ErrorResponse", second) for code, text in _ERRORS.items()},
        },
    }
    reference = _reference("ServiceInput", second)
    if second:
        operation["consumes"], operation["produces"] = contract.media_types, ["application/json"]
        operation["parameters"] = [
            {"name": "body", "in": "body", "required": True, "schema": reference}
        ]
    else:
        content = {media_type: {"schema": reference} for media_type in contract.media_types}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _response(text: str, schema: str, second: bool) -> dict:
    reference = _reference(schema, second)
    if second:
        return {"description": text, "schema": reference}
    return {"description": text, "content": {"application/json": {"schema": reference}}}


def _reference(schema: str, second: bool) -> dict:
    return {"$ref": f"#/{'definitions' if second else 'components/schemas'}/{schema}"}


def _error_schema() -> dict:
    return {
        "type": "object",
        "properties": {
            "message": {"type": "string"},
            "request_id": {"type": "string"},
            "path": {"type": "string"},
        },
        "required": ["message", "request_id"],
    }
