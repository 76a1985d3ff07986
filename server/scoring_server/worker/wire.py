"""What bodies are parsed into.

msgspec evaluates the types of the members, so they are written as Python 3.8 knows them.
"""

from typing import Any, List, Optional

import msgspec


class Rows(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """Rows of numbers, which may be joined with those of other bodies."""

    data: List[List[float]]


class Split(msgspec.Struct, forbid_unknown_fields=True):
    """A table with the columns' names apart from the rows."""

    columns: List[str]
    data: List[List[Any]]
    index: Optional[List[Any]] = None


class Parameters(msgspec.Struct):
    """The parameters of tensors that are understood; others are ignored, as the protocol asks."""

    binary_data_size: Optional[int] = None
    binary_data: Optional[bool] = None
    binary_data_output: bool = False


class Tensor(msgspec.Struct):
    """An input tensor."""

    name: str
    shape: List[int]
    datatype: str
    data: Optional[List[Any]] = None
    parameters: Parameters = msgspec.field(default_factory=Parameters)


class RequestedOutput(msgspec.Struct):
    """An output that the client asks for."""

    name: str
    parameters: Parameters = msgspec.field(default_factory=Parameters)


class InferRequest(msgspec.Struct):
    """The JSON part of a request with tensors."""

    inputs: List[Tensor]
    id: Optional[str] = None
    outputs: Optional[List[RequestedOutput]] = None
    parameters: Parameters = msgspec.field(default_factory=Parameters)
