"""Writes what Kaitai Struct's Python makes of a file to standard output, as JSON: every field, parameter and instance.

Arguments: FOLDER MODULE CLASS FILE, the folder of the compiled modules first. A value is a text that begins with its kind: an
integer (also of an enum), a string, bytes (in hexadecimal, of long ones the SHA-256), or the name of the error that asking for
it raised.
"""

import enum
import hashlib
import importlib
import json
import sys

import kaitaistruct

LONG = 64


def value_of(value):
    if isinstance(value, kaitaistruct.KaitaiStruct):
        return struct_of(value)
    if isinstance(value, list):
        return [value_of(item) for item in value]
    if isinstance(value, (bytes, bytearray)):
        return "bytes " + (value.hex() if len(value) <= LONG else hashlib.sha256(value).hexdigest())
    if isinstance(value, enum.Enum):
        return f"int {value.value}"
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return f"int {value}"
    return f"str {value}"


def struct_of(struct):
    kind = type(struct)
    fields = [name for name in vars(struct) if not name.startswith("_")]
    instances = [name for name in dir(kind) if isinstance(getattr(kind, name), property)]
    return {name: asked(struct, name) for name in dict.fromkeys([*fields, *instances])}


def asked(struct, name):
    try:
        return value_of(getattr(struct, name))
    except Exception as error:
        return f"error {type(error).__name__}"


folder, module, name, file = sys.argv[1:]
sys.path.insert(0, folder)
with open(file, "rb") as opened:
    root = getattr(importlib.import_module(module), name)(kaitaistruct.KaitaiStream(opened))
    json.dump(struct_of(root), sys.stdout)
