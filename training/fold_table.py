"""Make ``govie/data/fold.tsv``: which character stands for which simplified, half-width one.

Needs ``opencc-python-reimplemented`` (Apache-2.0), whose character table is OpenCC's. The radicals that Unicode's
compatibility mappings miss are listed here, because PDF fonts produce them: ``⺠`` for 民, ``⻓`` for 长.
"""

from __future__ import annotations

import unicodedata
from importlib.resources import files
from pathlib import Path

import opencc

RADICALS = (
    "⺅亻⺈刀⺉刂⺊卜⺌小⺍小⺎兀⺏尢⺒巳⺓幺⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺝月⺟母⺠民⺡氵⺢氺⺣灬⺤爪⺥爪⺦丬⺨犭⺩王⺪疋⺫罒⺬示⺭礻⺮竹⺯糸⺰纟⺱网⺲罒⺳网⺴网"
    "⺵网⺶羊⺷羊⺸羊⺹耂⺺聿⺻聿⺼月⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃西⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑长⻒长⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食"
    "⻟食⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫齐⻬齐⻭齿⻮齿⻯龙⻰龙⻱龟⻲龟⻳龟"
)
BLANKS = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\v\f"
TARGET = Path(__file__).resolve().parent.parent / "govie" / "data" / "fold.tsv"


def simplified() -> dict[str, str]:
    """OpenCC's traditional → simplified characters; the first choice where there are several."""
    source = Path(opencc.__file__).parent / "dictionary" / "TSCharacters.txt"
    rows = (line.split("\t") for line in source.read_text(encoding="utf-8").splitlines() if "\t" in line)
    return {old: choices.split(" ")[0] for old, choices in rows if len(choices.split(" ")[0]) == 1}


def table() -> dict[str, str]:
    """Every character that folding changes, with the one it becomes. All mappings are one to one."""
    fold = dict(zip(RADICALS[::2], RADICALS[1::2], strict=True))
    compatible = [*range(0x2F00, 0x2FE0), *range(0x3220, 0x3230), *range(0xF900, 0xFB00), *range(0xFF01, 0xFF5F), 0xFFE5]
    for code in compatible:
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1 and plain != chr(code):
            fold[chr(code)] = plain
    fold |= dict.fromkeys(BLANKS, " ") | {"\r": "\n", "﹪": "%", "\u2028": "\n", "\u2029": "\n", "\u0085": "\n"}
    to_simplified = simplified()
    fold = {old: to_simplified.get(new, new) for old, new in fold.items()}
    return {**to_simplified, **fold}


def main() -> None:
    rows = sorted((f"{ord(old):04X}", f"{ord(new):04X}") for old, new in table().items() if old != new)
    header = "# code point\tbecomes; made by training/fold_table.py from OpenCC (Apache-2.0) and Unicode NFKC\n"
    TARGET.write_text(header + "".join(f"{old}\t{new}\n" for old, new in rows), encoding="utf-8")


if __name__ == "__main__":
    assert files("govie")
    main()
