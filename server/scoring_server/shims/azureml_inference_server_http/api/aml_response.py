"""`AMLResponse`, by the name that scripts import it."""

import json

from azureml_inference_server_http.api.werkzeug_needed import Response


class AMLResponse(Response):
    """A response of `run` with a status and headers of its own."""

    # That of Flask, whose class this is on Azure ML.
    default_mimetype = "text/html"

    def __init__(
        self,
        message,
        status_code,
        response_headers=None,
        json_str=False,
        run_function_failed=False,
    ):
        """Write the message as JSON if `json_str` is set or there is none, else as it is."""
        if message is None or json_str:
            body = json.dumps({} if message is None else message)
            super().__init__(body, status=status_code, mimetype="application/json")
        else:
            super().__init__(message, status=status_code)
        self.headers["x-ms-run-function-failed"] = str(run_function_failed)
        for name, value in (response_headers or {}).items():
            self.headers.pop(name, None)
            for part in str(value).split(","):
                self.headers.add(name, part.strip())
