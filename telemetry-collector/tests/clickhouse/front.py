#!/usr/bin/env python3
"""A front of ClickHouse for tests: chdb, which is ClickHouse in a process, behind the part of its HTTP interface that the collector uses.

    front.py DIRECTORY [PORT]

prints its address once it listens, and keeps everything in the directory. Statements are carried out one after the other. The database is named by
`database`, other parameters are settings, and an exception is answered with 500 and its code in `X-ClickHouse-Exception-Code`.

`POST /fault/KIND/COUNT` makes the next inserts of events fail:
  drop    carries the insert out, then closes the connection without an answer
  late    carries the insert out, and answers only when /fault/none/0 is asked for, or after a minute
  hang    does nothing, and answers only then
  refuse  does nothing, and answers with the exception 241
  broken  does nothing, and answers 502 as a proxy does
  kill    carries the insert out, then ends this process
"""

import os
import re
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from chdb import session

ENGINE = threading.Lock()
FAULTS = []
RELEASED = threading.Event()
OWN = {"query", "database", "wait_end_of_query", "user", "password"}


class Failure(Exception):
    def __init__(self, text):
        found = re.search(r"Code: (\d+)", text)
        self.code = int(found.group(1)) if found else 1000
        super().__init__(text)


def carry_out(sql, form="TSV"):
    try:
        answer = SESSION.query(sql, form)
    except Exception as error:  # chdb raises several kinds
        raise Failure(str(error)) from None
    return answer.bytes() if answer is not None and hasattr(answer, "bytes") else b""


def statement(parameters, body):
    """Carries out a statement with its settings, of which none stays."""
    settings = {name: value for name, value in parameters.items() if name not in OWN}
    database = parameters.get("database", "default")
    sql, rows = parameters.get("query", ""), body
    if not sql:
        sql, rows = body.decode(), b""
    form = "TSV"
    found = re.search(r"\sFORMAT\s+(\w+)\s*$", sql)
    if found:
        sql, form = sql[: found.start()], found.group(1)
    with ENGINE:
        carry_out("USE `%s`" % database)
        for name, value in settings.items():
            carry_out("SET %s = '%s'" % (name, value))
        try:
            if not sql.lstrip().upper().startswith("INSERT INTO") or not found:
                return carry_out(sql, form)
            with tempfile.NamedTemporaryFile(dir=PLACE) as file:
                file.write(rows)
                file.flush()
                return carry_out("%s FROM INFILE '%s' FORMAT %s" % (sql, file.name, form)) if rows else b""
        finally:
            for name in settings:
                carry_out("SET %s = DEFAULT" % name)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.answer(200, b"Ok.\n")

    def do_POST(self):
        address = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = address.path.strip("/").split("/")
        if parts[0] == "fault":
            RELEASED.set() if parts[1] == "none" else RELEASED.clear()
            FAULTS[:] = [] if parts[1] == "none" else [parts[1]] * int(parts[2])
            return self.answer(200, b"")
        parameters = dict(parse_qsl(address.query, keep_blank_values=True))
        is_of_events = parameters.get("query", "").startswith('INSERT INTO "_rows_')
        fault = FAULTS.pop(0) if FAULTS and is_of_events else None
        if fault == "hang":
            RELEASED.wait(60)
        if fault == "refuse":
            return self.answer(500, b"Code: 241. DB::Exception", {"X-ClickHouse-Exception-Code": "241"})
        if fault == "broken":
            return self.answer(502, b"")
        if fault == "hang":
            return self.close()
        try:
            answer = statement(parameters, body)
        except Failure as failure:
            return self.answer(500, str(failure).encode(), {"X-ClickHouse-Exception-Code": str(failure.code)})
        if fault == "kill":
            os._exit(9)
        if fault == "drop":
            return self.close()
        if fault == "late":
            RELEASED.wait(60)
        self.answer(200, answer)

    def close(self):
        self.close_connection = True

    def answer(self, status, body, headers={}):
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True


if __name__ == "__main__":
    PLACE = os.path.abspath(sys.argv[1])
    os.makedirs(PLACE, exist_ok=True)
    SESSION = session.Session(os.path.join(PLACE, "engine"))
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 0), Handler)
    server.daemon_threads = True
    print("http://127.0.0.1:%d/" % server.server_address[1], flush=True)
    server.serve_forever()
