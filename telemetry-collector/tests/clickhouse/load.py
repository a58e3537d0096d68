#!/usr/bin/env python3
"""Carries out the statements in a file with DuckDB, then each line of the standard input as a query, whose answer it prints as one line of JSON."""

import json
import sys

import duckdb

connection = duckdb.connect()
with open(sys.argv[1]) as file:
    connection.execute(file.read())
for query in sys.stdin:
    answer = connection.execute(query).fetchall()
    print(json.dumps([[value if value is None else str(value) for value in row] for row in answer]))
