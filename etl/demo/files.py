"""Small files beside the deliveries."""

import json
import os
from pathlib import Path


def write_json(path: Path, content: dict[str, object]) -> None:
    """Write JSON so that a crash leaves the old file or the new one."""
    draft = path.with_name(path.name + ".part")
    with draft.open("w", encoding="utf-8") as file:
        file.write(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
