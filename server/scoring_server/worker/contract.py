"""The input and output of a service, as far as its script declares them."""

from __future__ import annotations

from typing import Any

import msgspec


class Contract(msgspec.Struct):
    """The description that the OpenAPI documents and the page for clients are made from."""

    description: str = "The script reads the body itself; ask its author for the structure."
    media_types: list[str] = msgspec.field(default_factory=lambda: ["application/json"])
    input_schema: dict[str, Any] = msgspec.field(default_factory=dict)
    output_schema: dict[str, Any] = msgspec.field(default_factory=dict)
