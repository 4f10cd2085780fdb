"""How far a scope reaches, as cases: {role:span} and [claim]; what is expected stands behind each claim."""

import re

import pytest

from govie.scope import link

CASES = [
    ("{period:全年},{entity:县政府}受理[5件|全年 县政府],其中通过{channel:网络}的[3件|全年 县政府 网络]。", "reach within a sentence"),
    ("{period:全年}受理[5件|全年]。另有[2次|]培训。", "a full stop ends it"),
    ("{period:全年}受理[5件|全年]。其中[2件|全年]已办结。", "其中 takes over"),
    ("{entity:县政府}[30万元|县政府]、{entity:乡镇}[21万元|乡镇]。", "another of its kind"),
    ("{period:全年}[5件|全年],其中{channel:网络}[3件|全年 网络];未发生[复议案|全年]。", "a part ends with its semicolon"),
    ("{category:环保信息}[8条|环保信息],发文[3件|]。", "a category belongs to its claim"),
    ("开设[4个|专栏]{category:专栏},共[3期|]。", "a category behind the number"),
]


@pytest.mark.parametrize(("marked", "rule"), CASES, ids=[case[1] for case in CASES])
def test_cases(marked: str, rule: str) -> None:
    text, spans, places, wanted = "", {role: [] for role in ("entity", "channel", "period", "category", "applicant")}, [], []
    for plain, role, span, claim, scopes in re.findall(r"([^{}\[\]]+)|\{(\w+):([^}]*)\}|\[([^|]*)\|([^\]]*)\]", marked):
        start = len(text)
        text += plain or span or claim
        if span:
            spans[role].append((start, len(text)))
        if claim:
            places.append((start, len(text)))
            wanted.append(set(scopes.split()))
    assert [{text[slice(*span)] for span in found.values()} for found in link(text, places, spans)] == wanted
