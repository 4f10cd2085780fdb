"""doccano as the judge of what govie writes: import a JSONL file, export it again, and compare.

    python tests/judge_doccano.py IN.jsonl FOLDER

Runs in an environment of its own, for doccano's old pins and govie's training do not go together (``make test-doccano``). Nothing is served:
doccano's importer and exporter are called as its workers call them, on a database in FOLDER.
"""

import importlib.util
import json
import os
import sys
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any


def start(folder: Path) -> None:
    """Set doccano up on a new database."""
    place = importlib.util.find_spec("backend")
    assert place is not None, "doccano is not installed"
    assert place.submodule_search_locations
    sys.path.insert(0, next(iter(place.submodule_search_locations)))
    folder.mkdir(parents=True)
    (folder / "media").mkdir()
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings.development", "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "MEDIA_ROOT": f"{folder}/media", "STANDALONE": "True",
    }  # fmt: skip
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def through(path: Path, *, overlapping: bool) -> list[dict[str, Any]]:
    """Import a file into a new project for spans and relations, and export it."""
    from data_export.celery_tasks import export_dataset
    from data_import.datasets import load_dataset
    from data_import.pipeline.catalog import RELATION_EXTRACTION, create_file_format
    from data_import.pipeline.readers import FileName
    from django.contrib.auth import get_user_model
    from projects.models import ProjectType, SequenceLabelingProject

    user, _ = get_user_model().objects.get_or_create(username="judge")
    project = SequenceLabelingProject.objects.create(
        name="judge", project_type=ProjectType.SEQUENCE_LABELING, allow_overlapping=overlapping, use_relation=True, created_by=user,
        collaborative_annotation=True,
    )  # fmt: skip
    upload = FileName(str(path), path.name, path.name)
    dataset = load_dataset(RELATION_EXTRACTION, create_file_format("JSONL"), [upload], project, encoding="Auto")
    dataset.save(user)
    assert not dataset.errors, [error.dict() for error in dataset.errors]
    with zipfile.ZipFile(export_dataset(project.id, "JSONL")) as exported:
        return [json.loads(line) for name in exported.namelist() for line in exported.read(name).decode("utf-8").splitlines()]


def facts(rows: list[dict[str, Any]]) -> Counter[tuple[Any, ...]]:
    """Every span and relation of every text, whatever ids they have."""
    found: Counter[tuple[Any, ...]] = Counter()
    for row in rows:
        spans = {span["id"]: (span["start_offset"], span["end_offset"], span["label"]) for span in row["entities"]}
        found.update((row["text"], *span) for span in spans.values())
        found.update((row["text"], spans[tie["from_id"]], spans[tie["to_id"]], tie["type"]) for tie in row["relations"])
    return found


def main() -> None:
    path, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    start(folder)
    given = facts([json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()])
    back = facts(through(path, overlapping=True))
    print(f"{sum(given.values())} spans and relations given, {sum((given - back).values())} lost, {sum((back - given).values())} new")
    apart = facts(through(path, overlapping=False))
    print(f"without 'Allow overlapping spans': {sum((given - apart).values())} lost")
    assert back == given


if __name__ == "__main__":
    main()
