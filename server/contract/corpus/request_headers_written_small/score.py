def init():
    pass


def run(raw_data, request_headers):
    return request_headers["content-type"]
