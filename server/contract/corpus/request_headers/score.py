def init():
    pass


def run(raw_data, request_headers):
    return {
        "type": request_headers["Content-Type"],
        "id": request_headers.get("X-Ms-Client-Request-Id"),
        "length": request_headers.get("Content-Length"),
        "none": request_headers.get("X-None", "none"),
        "dictionary": isinstance(request_headers, dict),
    }
