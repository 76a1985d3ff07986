from flask import jsonify, request


def init():
    pass


def run(raw_data):
    return jsonify({"path": request.path})
