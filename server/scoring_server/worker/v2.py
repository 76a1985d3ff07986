"""The Open Inference Protocol (V2) over HTTP, with JSON and binary tensors."""

from __future__ import annotations

import math
import struct
from typing import Any, List

import msgspec
import numpy as np

from scoring_server.messages import Answer, Work
from scoring_server.worker.arrays import check_lengths, element_type
from scoring_server.worker.handler import without_bom
from scoring_server.worker.inputs import Input
from scoring_server.worker.plain import key
from scoring_server.worker.results import JSON, Refused, encode
from scoring_server.worker.wire import InferRequest, Parameters, Tensor

BINARY = "application/octet-stream"
LENGTH_HEADER = "inference-header-content-length"
DATATYPES = {
    "BOOL": "bool",
    **{
        f"{kind}INT{size}": f"{kind.lower()}int{size}"
        for kind in ("", "U")
        for size in (8, 16, 32, 64)
    },
    **{f"FP{size}": f"float{size}" for size in (16, 32, 64)},
}
_NAMES = {np.dtype(dtype): name for name, dtype in DATATYPES.items()}
_TEXT_LENGTH = struct.Struct("<I")


class Parsed(msgspec.Struct):
    """The arguments of `run` and how the answer is to be written."""

    arguments: dict[str, Any]
    form: InferRequest


_decoder = msgspec.json.Decoder(InferRequest)


def parse(work: Work, inputs: list[Input]) -> Parsed:
    """Read the tensors of a request; raises `Refused`."""
    head, blobs = _divide(work)
    try:
        request = _decoder.decode(without_bom(head))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise Refused(400, f"not a valid inference request: {fault}") from None
    tensors = {}
    for index, tensor in enumerate(request.inputs):
        path = f"$.inputs[{index}]"
        size = tensor.parameters.binary_data_size
        blob = None
        if size is not None:
            if not 0 <= size <= len(blobs):
                raise Refused(
                    400, "binary_data_size is larger than the rest of the body", path=path
                )
            blob, blobs = blobs[:size], blobs[size:]
        tensors[tensor.name] = (_read(tensor, blob, path), path)
    if blobs:
        raise Refused(400, f"{len(blobs)} bytes follow the last tensor")
    return Parsed({item.name: _argument(item, tensors) for item in inputs}, request)


def answer(work: Work, form: InferRequest, result: object) -> Answer:
    """Write what `run` returned as output tensors."""
    named = result if isinstance(result, dict) else {"output0": result}
    wanted = {output.name: output.parameters for output in form.outputs or ()}
    unknown = wanted.keys() - named.keys()
    if unknown:
        raise Refused(400, f"there is no output {min(unknown)}")
    outputs, blobs = [], []
    for name, value in named.items():
        if wanted and name not in wanted:
            continue
        described, blob = _write(key(name), np.asarray(value), _is_binary(form, wanted.get(name)))
        outputs.append(described)
        blobs.append(blob)
    head = {"model_name": _model(work), "outputs": outputs}
    if form.id is not None:
        head["id"] = form.id
    version = _version(work)
    if version:
        head["model_version"] = version
    text = encode(head)
    if not any(blobs):
        return Answer(work.id, 200, text, JSON)
    return Answer(work.id, 200, text + b"".join(blobs), BINARY, [(LENGTH_HEADER, str(len(text)))])


def metadata(name: str, inputs: list[Input]) -> dict[str, Any]:
    """The description of the model that the protocol serves."""
    return {
        "name": name,
        "versions": ["1"],
        "platform": "scoring-server",
        "inputs": [
            {
                "name": item.name,
                "datatype": _NAMES.get(np.dtype(item.kind.dtype), "BYTES"),
                "shape": [-1 if length is None else length for length in item.kind.shape],
            }
            for item in inputs
        ],
        "outputs": [],
    }


def _divide(work: Work) -> tuple[bytes, memoryview]:
    length = dict(work.headers or ()).get(LENGTH_HEADER)
    if length is None:
        return work.body, memoryview(b"")
    if not (length.isascii() and length.isdecimal()) or int(length) > len(work.body):
        raise Refused(400, f"{LENGTH_HEADER} must be a number up to the length of the body")
    return work.body[: int(length)], memoryview(work.body)[int(length) :]


def _argument(item: Input, tensors: dict[str, tuple[np.ndarray, str]]) -> np.ndarray:
    if item.name not in tensors:
        raise Refused(400, f"the input {item.name} is missing", path="$.inputs")
    value, path = tensors[item.name]
    shape, dtype = item.kind.shape, np.dtype(item.kind.dtype)
    fits = len(value.shape) == len(shape) and all(
        length > 0 if wanted is None else length == wanted
        for length, wanted in zip(value.shape, shape)
    )
    if not fits:
        raise Refused(400, f"expected the shape {shape}, got {value.shape}", path=f"{path}.shape")
    if value.dtype != dtype and not np.can_cast(value.dtype, dtype, "same_kind"):
        raise Refused(400, f"{value.dtype} cannot be converted to {dtype}", path=f"{path}.datatype")
    converted = value.astype(dtype, copy=False)
    if dtype.kind in "iu" and converted is not value and not np.array_equal(converted, value):
        raise Refused(400, f"a value does not fit into {dtype}", path=f"{path}.data")
    return converted


def _read(tensor: Tensor, blob: memoryview | None, path: str) -> np.ndarray:
    count = _count(tensor, path)
    if tensor.datatype == "BYTES":
        values = _read_texts(blob, path) if blob is not None else _flat(tensor, path)
        if not all(isinstance(value, str) for value in values):
            raise Refused(
                400, "the elements of a BYTES tensor must be strings", path=f"{path}.data"
            )
        return _shaped(np.array(values, dtype=object), tensor, count, path)
    if tensor.datatype not in DATATYPES:
        raise Refused(400, f"unknown datatype {tensor.datatype}", path=f"{path}.datatype")
    dtype = np.dtype(DATATYPES[tensor.datatype]).newbyteorder("<")
    if blob is not None:
        if len(blob) != count * dtype.itemsize:
            raise Refused(400, "the tensor's size does not match its shape", path=path)
        return np.frombuffer(blob, dtype).reshape(tensor.shape).astype(dtype.newbyteorder("="))
    try:
        values = msgspec.convert(_flat(tensor, path), List[element_type(dtype)])
        array = np.array(values, dtype=dtype.newbyteorder("="))
    except (msgspec.ValidationError, ValueError, OverflowError) as fault:
        raise Refused(400, f"not {tensor.datatype}: {fault}", path=f"{path}.data") from None
    return _shaped(array, tensor, count, path)


def _count(tensor: Tensor, path: str) -> int:
    if any(length < 0 for length in tensor.shape):
        raise Refused(400, "a dimension cannot be negative", path=f"{path}.shape")
    return math.prod(tensor.shape)


def _flat(tensor: Tensor, path: str) -> list:
    """The elements of flat or nested lists."""
    if tensor.data is None:
        raise Refused(400, "the tensor has no data", path=path)
    values = tensor.data
    if values and isinstance(values[0], list):
        check_lengths(values, tuple(tensor.shape), f"{path}.data")
    for _ in tensor.shape[1:]:
        if not values or not all(isinstance(value, list) for value in values):
            break
        values = [element for value in values for element in value]
    return values


def _shaped(array: np.ndarray, tensor: Tensor, count: int, path: str) -> np.ndarray:
    if array.size != count:
        message = f"the shape needs {count} elements, got {array.size}"
        raise Refused(400, message, path=f"{path}.data")
    return array.reshape(tensor.shape)


def _read_texts(blob: memoryview, path: str) -> list[str]:
    texts, position = [], 0
    try:
        while position < len(blob):
            (length,) = _TEXT_LENGTH.unpack_from(blob, position)
            position += _TEXT_LENGTH.size + length
            if position > len(blob):
                raise Refused(400, "a string is longer than the rest of its tensor", path=path)
            texts.append(bytes(blob[position - length : position]).decode())
    except (struct.error, UnicodeDecodeError) as error:
        raise Refused(400, f"not a valid BYTES tensor: {error}", path=path) from None
    return texts


def _write(name: str, array: np.ndarray, binary: bool) -> tuple[dict[str, Any], bytes]:
    array = array.astype(array.dtype.newbyteorder("="), copy=False)
    if array.dtype not in _NAMES:
        array = array.astype(str).astype(object)
    described: dict[str, Any] = {
        "name": name,
        "datatype": _NAMES.get(array.dtype, "BYTES"),
        "shape": list(array.shape),
    }
    if not binary:
        return {**described, "data": array.ravel().tolist()}, b""
    if array.dtype == object:
        texts = [text.encode() for text in array.ravel()]
        blob = b"".join(_TEXT_LENGTH.pack(len(text)) + text for text in texts)
    else:
        blob = array.astype(array.dtype.newbyteorder("<")).tobytes()
    return {**described, "parameters": {"binary_data_size": len(blob)}}, blob


def _is_binary(form: InferRequest, parameters: Parameters | None) -> bool:
    if parameters is not None and parameters.binary_data is not None:
        return parameters.binary_data
    return form.parameters.binary_data_output


def _model(work: Work) -> str:
    return work.target.split("/")[3]


def _version(work: Work) -> str:
    """The version that the path names, if it does."""
    _, _, rest = work.target.partition("/versions/")
    return rest.partition("/")[0]
