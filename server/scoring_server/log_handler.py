"""Connects the `logging` module with the log of the server."""

from __future__ import annotations

import logging

from scoring_server.log_context import current_ids, id_fields
from scoring_server.logs import LogWriter


class LogHandler(logging.Handler):
    """Sends the records of `logging` to the writer."""

    def __init__(self, writer: LogWriter) -> None:
        super().__init__()
        self._writer = writer

    def emit(self, record: logging.LogRecord) -> None:
        """Queue the record; a faulty call of `logging` becomes a line that says so."""
        try:
            message, fields = _message(record), _fields(record)
        except Exception as error:
            message = f"a log line was lost: {_named(error)}"
            fields = {"logger": str(record.name), **current_ids()}
        self._writer.write(record.levelno, message, **fields)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception as error:
        place = f"{record.filename}:{record.lineno}"
        said = f"{_shown(record.msg)} with the arguments {_shown(record.args)}"
        return f"faulty logging call at {place} ({_named(error)}): {said}"


def _fields(record: logging.LogRecord) -> dict[str, str]:
    ids = getattr(record, "request_ids", None)
    fields = id_fields(ids) if isinstance(ids, tuple) else current_ids()
    fields["logger"] = record.name
    if record.exc_info:
        fields["exception"] = logging.Formatter().formatException(record.exc_info)
    return fields


def _shown(value: object) -> str:
    """A value as it is written in code; one that cannot be shown is named by its type."""
    try:
        return repr(value)
    except Exception:
        return f"<{type(value).__name__}>"


def _named(error: Exception) -> str:
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:
        return type(error).__name__
