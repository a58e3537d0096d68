#!/usr/bin/env python3
"""A front of ClickHouse for tests: chdb, which is ClickHouse in a process, behind the part of its HTTP interface that the collector uses.

    front.py DIRECTORY [PORT]

prints its address once it listens, and keeps everything in the directory. Statements are carried out one after the other. The database is named by
`database`, other parameters are settings, and an exception is answered with 500 and its code in `X-ClickHouse-Exception-Code`.

`POST /fault/KIND/COUNT?database=NAME&of=START&after=NUMBER` makes as many statements that begin so fail, after as many that do not. Without `of`, they are inserts of events:
  drop    carries the insert out, then closes the connection without an answer
  late    carries the insert out, and answers only when /fault/none/0 is asked for, or after a minute
  slow    the same, but carries the insert out only then
  hang    does nothing, and answers only then
  refuse  does nothing, and answers with the exception 241
  broken  does nothing, and answers 502 as a proxy does
  kill    carries the insert out, then ends this process
`POST /fault/left/0?database=NAME` answers how many are to fail still, and `POST /fault/statements/0?database=NAME` how many statements there were.
"""

import os
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from chdb import session

ENGINE = threading.Lock()
TRACE = os.environ.get("FRONT_TRACE")
FAULTS = {}
STATEMENTS = Counter()
USED = []
# The longest statement is set once, since it counts before a statement is read.
OWN = {"query", "database", "wait_end_of_query", "user", "password", "max_query_size"}


class Faults:
    """What fails in a database."""

    def __init__(self, of, kinds):
        self.of, self.kinds, self.released = of, kinds, threading.Event()
        # What waits until it is released.
        self.held = []

    def release(self):
        """Returns once everything that waited is done."""
        self.released.set()
        for done in self.held:
            done.wait(60)


class Failure(Exception):
    def __init__(self, text):
        found = re.search(r"Code: (\d+)", text)
        self.code = int(found.group(1)) if found else 1000
        super().__init__(text)


def carry_out(sql, form="TSV"):
    try:
        started = time.time()
        answer = SESSION.query(sql, form)
        if TRACE:
            print("%.4f %s" % (time.time() - started, sql[:150].replace("\n", " ")), file=sys.stderr)
    except Exception as error:  # chdb raises several kinds
        raise Failure(str(error)) from None
    return answer.bytes() if answer is not None and hasattr(answer, "bytes") else b""


def with_settings(sql, settings):
    """The statement with its settings. Each name has one value in a statement."""
    clause = ", ".join("%s = '%s'" % setting for setting in settings.items() if setting[0] + " = " not in sql)
    if not clause or not re.match(r"\s*(SELECT|INSERT|DELETE|ALTER TABLE .* APPLY)\b", sql):
        return sql
    return sql + (", " if re.search(r"\sSETTINGS [^()]*$", sql) else " SETTINGS ") + clause


def statement(parameters, body):
    """Carries out a statement."""
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
        if USED != [database]:
            carry_out("USE `%s`" % database)
            USED[:] = [database]
        if not sql.lstrip().startswith("INSERT INTO") or not found:
            return carry_out(with_settings(sql, settings), form)
        with tempfile.NamedTemporaryFile(dir=PLACE) as file:
            file.write(rows)
            file.flush()
            insert = with_settings("%s FROM INFILE '%s'" % (sql, file.name), settings)
            return carry_out("%s FORMAT %s" % (insert, form)) if rows else b""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # An answer goes out as one, and at once.
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.answer(200, b"Ok.\n")

    def do_POST(self):
        address = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = address.path.strip("/").split("/")
        parameters = dict(parse_qsl(address.query, keep_blank_values=True))
        database = parameters.get("database", "default")
        if parts[:2] == ["fault", "left"]:
            return self.answer(200, b"%d" % len(FAULTS.get(database, Faults("", [])).kinds))
        if parts[:2] == ["fault", "statements"]:
            return self.answer(200, b"%d" % STATEMENTS[database])
        if parts[0] == "fault":
            FAULTS.pop(database, Faults("", [])).release()
            if parts[1] != "none":
                kinds = [None] * int(parameters.get("after", 0)) + [parts[1]] * int(parts[2])
                FAULTS[database] = Faults(parameters.get("of", 'INSERT INTO "_rows_'), kinds)
            return self.answer(200, b"")
        STATEMENTS[database] += 1
        faults = FAULTS.get(database)
        is_meant = faults and (parameters.get("query") or body.decode(errors="replace")).startswith(faults.of)
        fault = faults.kinds.pop(0) if is_meant and faults.kinds else None
        if fault in ("late", "slow", "hang"):
            done = threading.Event()
            faults.held.append(done)
            try:
                return self.carry_out(parameters, body, fault, faults.released)
            finally:
                done.set()
        self.carry_out(parameters, body, fault)

    def carry_out(self, parameters, body, fault, released=None):
        if fault in ("hang", "slow"):
            released.wait(60)
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
            released.wait(60)
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
    carry_out("SET max_query_size = 67108864")
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 0), Handler)
    server.daemon_threads = True
    print("http://127.0.0.1:%d/" % server.server_address[1], flush=True)
    server.serve_forever()
