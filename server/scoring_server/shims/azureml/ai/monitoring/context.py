"""What relates collected data to one another."""

import time
import uuid


class CorrelationContext:
    """An id."""

    def get_id(self):
        """No id."""
        return ""

    def __str__(self):
        return self.get_id()


class BasicCorrelationContext(CorrelationContext):
    """An id, a time and headers."""

    def __init__(self, id=None, timestamp=None, headers=None):
        """Make up what is not given."""
        self.id = id or str(uuid.uuid4())
        self.timestamp = timestamp or int(time.time())
        self.headers = headers or {}

    def get_id(self):
        """The id."""
        return self.id

    def get_timestamp(self):
        """Seconds since 1970."""
        return self.timestamp

    def get_headers(self):
        """The headers."""
        return self.headers
