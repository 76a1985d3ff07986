"""Connects the `logging` module with the log of the server."""

import logging

from scoring_server.log_context import current_ids, id_fields
from scoring_server.logs import LogWriter


class LogHandler(logging.Handler):
    """Sends the records of `logging` to the writer."""

    def __init__(self, writer: LogWriter) -> None:
        super().__init__()
        self._writer = writer

    def emit(self, record: logging.LogRecord) -> None:
        """Queue the record."""
        fields = {"logger": record.name}
        ids = getattr(record, "request_ids", None)
        fields |= id_fields(ids) if ids else current_ids()
        if record.exc_info:
            fields["exception"] = logging.Formatter().formatException(record.exc_info)
        self._writer.write(record.levelno, record.getMessage(), **fields)
