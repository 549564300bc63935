"""What nbclient makes of widgets, for test/notebook: `metadata.widgets` after the cells of
test/fixtures/notebook/widgets.py, tracebacks emptied.

Versions used: nbclient 0.7.2, nbformat 5.5.0, ipykernel 6.17.0, jupyter_client 7.4.9 (Debian 12).
Run: /usr/bin/python3 scripts/make-fixtures-notebook.py
"""

import json
from pathlib import Path

from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

FOLDER = Path(__file__).resolve().parents[1] / "test" / "fixtures" / "notebook"


def without_traces(value):
    if isinstance(value, list):
        return [without_traces(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: [] if key == "traceback" else without_traces(value[key]) for key in value}


cells = (FOLDER / "widgets.py").read_text().split("# %%\n")[1:]
notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
NotebookClient(notebook, kernel_name="python3", timeout=60).execute()
made = without_traces(notebook.metadata.widgets)
text = json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False)
(FOLDER / "widgets-nbclient.json").write_text(text + "\n")
