"""One line of JSON for each fact, and the content that any chunking can be checked against."""

import hashlib
import json
import sys
import threading

_lock = threading.Lock()
_PATTERN = bytes(range(251))

# Does not fit a double: a peer that reads int64 as a number loses the last bit.
BIG_TIMESTAMP = 9007199254740993


def emit(line):
    with _lock:
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def fill(size, offset=0):
    """Bytes whose value is their offset modulo 251."""
    start = offset % 251
    return (_PATTERN * (size // 251 + 2))[start : start + size]


def sha256(data):
    return hashlib.sha256(data).hexdigest()
