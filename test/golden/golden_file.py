"""Writes golden numbers as JSON with one field a line, and one case a line, so that a change can be read."""
import json


def golden_text(fields):
    return "{\n" + ",\n".join(f"{json.dumps(name)}: {_lines(value) if name == 'cases' else json.dumps(value)}" for name, value in fields.items()) + "\n}\n"


def _lines(cases):
    if isinstance(cases, dict): return "{\n" + ",\n".join(f"  {json.dumps(name)}: {json.dumps(case)}" for name, case in cases.items()) + "\n}"
    return "[\n" + ",\n".join("  " + json.dumps(case) for case in cases) + "\n]"
