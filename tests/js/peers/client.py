"""Python's http.client as a peer: asks for a few things over one connection and prints what came, as JSON."""

import json
import sys
from http.client import HTTPConnection

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
REQUESTS = [
    ("GET", "/hello", None, {}, False),
    ("HEAD", "/hello", None, {}, False),
    ("POST", "/echo", "name=Jörg&age=30".encode(), FORM, False),
    ("POST", "/echo", iter([b"first, ", b"second"]), {"Transfer-Encoding": "chunked"}, True),
    ("GET", "/chunks", None, {}, False),
    ("GET", "/empty", None, {}, False),
    ("GET", "/unchanged", None, {"If-None-Match": '"h1wire"'}, False),
    ("GET", "/last", None, {}, False),
]

connection = HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=10)
answers = []
for method, target, body, headers, chunked in REQUESTS:
    connection.request(method, target, body=body, headers=headers, encode_chunked=chunked)
    response = connection.getresponse()
    length = response.length
    answers.append(
        {
            "status": response.status,
            "reason": response.reason,
            "length": length,
            "chunked": response.chunked,
            "body": response.read().decode(),
            "closes": response.will_close,
        }
    )
print(json.dumps(answers))
