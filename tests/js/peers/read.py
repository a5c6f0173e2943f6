"""Python's http.server and http.client as peers: each line of input is a message, octets in base64; prints what they read."""

import base64
import json
import sys
from http.client import HTTPResponse
from http.server import BaseHTTPRequestHandler
from io import BytesIO


class Reader(BaseHTTPRequestHandler):
    """Reads one request as http.server does; the body is left to whoever asks, and so are chunks."""

    def __init__(self, octets):
        self.rfile = BytesIO(octets)
        self.wfile = BytesIO()
        self.client_address = ("", 0)
        self.raw_requestline = self.rfile.readline(65537)
        self.is_read = self.parse_request()

    def log_message(self, *_):
        pass


class Socket:
    def __init__(self, octets):
        self.octets = octets

    def makefile(self, _):
        return BytesIO(self.octets)


def pairs(message):
    return [[name, value] for name, value in message.items()]


def read_request(octets):
    reader = Reader(octets)
    if not reader.is_read:
        return {"refused": reader.wfile.getvalue().decode("latin-1")}
    length = reader.headers["Content-Length"]
    return {
        "method": reader.command,
        "target": reader.path,
        "version": reader.request_version,
        "headers": pairs(reader.headers),
        "body": None if length is None else reader.rfile.read(int(length)).hex(),
    }


def read_response(octets, method):
    response = HTTPResponse(Socket(octets), method=method)
    response.begin()
    return {
        "status": response.status,
        "reason": response.reason,
        "version": response.version,
        "headers": pairs(response.headers),
        "body": response.read().hex(),
    }


for line in sys.stdin:
    message = json.loads(line)
    octets = base64.b64decode(message["octets"])
    is_request = message["method"] is None
    print(json.dumps(read_request(octets) if is_request else read_response(octets, message["method"])))
