"""Parameters of TypeScript notebooks for papermill, and for Quarto, which asks papermill.

papermill knows no way to be told of a language but to be patched; it loads modules that offer an
engine when it starts, so this one offers its usual engine under the name "carbonbook" and adds the
language. To use it, papermill must find this folder:

    PYTHONPATH=environment/jupyter/papermill papermill in.ipynb out.ipynb -p days 7
"""
import json
import math
import re

from papermill.engines import NBClientEngine
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

DECLARATION = re.compile(
    r"^\s*(?:let|const|var)\s+([A-Za-z_$][\w$]*)\s*(?::\s*([^=]+?))?\s*=\s*(.*?)\s*;?\s*(?://\s*(.*))?$"
)


class TypeScriptTranslator(Translator):
    @classmethod
    def translate(cls, value):
        if isinstance(value, float) and not math.isfinite(value):
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        if isinstance(value, dict):
            entries = (f"{json.dumps(str(key))}: {cls.translate(item)}" for key, item in value.items())
            return "{ " + ", ".join(entries) + " }" if value else "{}"
        if isinstance(value, (list, tuple)):
            return "[" + ", ".join(map(cls.translate, value)) + "]"
        if value is None or isinstance(value, (bool, int, float, str)):
            return json.dumps(value)
        return json.dumps(str(value))

    @classmethod
    def comment(cls, text):
        return f"// {text}".strip()

    @classmethod
    def assign(cls, name, literal):
        return f"let {name} = {literal};"

    @classmethod
    def inspect(cls, parameters_cell):
        found = filter(None, map(DECLARATION.match, parameters_cell["source"].split("\n")))
        return [
            Parameter(name, type_name or "None", default, note or "")
            for name, type_name, default, note in (match.groups() for match in found)
        ]


papermill_translators.register("typescript", TypeScriptTranslator)


class CarbonbookEngine(NBClientEngine):
    """papermill's usual engine; offered so that this module is loaded."""
