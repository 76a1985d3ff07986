"""Which request the lines belong to that a thread or task logs."""

from __future__ import annotations

from contextvars import ContextVar

_current_request: ContextVar[tuple[str, str]] = ContextVar("current_request", default=("", ""))


def log_for(request_id: str, trace: str) -> None:
    """Let the lines that this thread or task logs from now on name the request."""
    _current_request.set((request_id, trace))


def current_ids() -> dict[str, str]:
    """Fields of a line that is logged now."""
    return id_fields(_current_request.get())


def id_fields(ids: tuple[str, str]) -> dict[str, str]:
    """Fields of a line for a request id and a trace context; either may be empty."""
    request_id, trace = ids
    fields = {"request_id": request_id} if request_id else {}
    if trace:
        fields["trace_id"], fields["parent_id"] = trace_ids(trace)
    return fields


def trace_ids(trace: str) -> list[str]:
    """Trace id and parent id of a W3C trace context (version, trace id, parent id, flags)."""
    return trace.split("-")[1:3]
