"""Script that executes the notebooks and stores them with their outputs.

    python tests/support/renew_notebooks.py          # all notebooks
    python tests/support/renew_notebooks.py 03 07    # notebooks whose names begin with 03 or 07

It stores sources and outputs, but no execution times and no names of machines or kernels.
Pictures are reduced to 64 colours to keep the files small.
"""

from __future__ import annotations

import base64
import io
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "notebooks"
COLOURS = 64
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def executed(path: Path) -> Any:
    """Execute a notebook in its folder and return it, cleaned for storage."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    for place, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{place:02}"
        cell["metadata"] = {}
    client = NotebookClient(
        notebook, coalesce_streams=True, resources={"metadata": {"path": str(path.parent)}}
    )
    client.record_timing = False
    client.execute()
    for cell in notebook.cells:
        if "outputs" in cell:
            cell["outputs"] = [each for each in cell["outputs"] if not is_empty(each)]
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" in data:
                data["image/png"] = smaller(data["image/png"])
                data["text/plain"] = "<picture>"
    notebook["metadata"] = METADATA
    return notebook


def is_empty(output: Any) -> bool:
    """Return whether an output is the place of a progress bar that has disappeared."""
    return bool(output.get("data", {}).get("text/html", "-") == "")


def smaller(picture: str) -> str:
    """Reduce the colours of a base64-encoded PNG and remove its metadata."""
    from PIL import Image

    image = Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB").quantize(COLOURS)
    file = io.BytesIO()
    image.save(file, "png", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


def main(*names: str) -> None:
    """Execute and store the notebooks whose names begin with one of the given names, or all."""
    import nbformat

    for path in sorted(FOLDER.glob("*.ipynb")):
        if not names or path.name.startswith(names):
            nbformat.write(executed(path), path)
            print(path.name)


if __name__ == "__main__":
    main(*sys.argv[1:])
