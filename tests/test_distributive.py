"""Words that make a number distributive, as cases."""

import pytest

from govie.distributive import find_per

CASES = [
    ("日均访问|300次", "日"),
    ("每月编印|2期", "月"),
    ("每半月通报|1次", "半月"),
    ("每发现一例扣|0.2分", "例"),
    ("平均每个机关从事公开工作的人员为|1人", "个"),
    ("文化、旅游方面各|4件", "各"),
    ("各乡镇各配备|1名", "各"),
    ("人均办结|12件", "人"),
    ("每季度召开|一次", "季度"),
    ("平均每天接待|三十人", "日"),
    ("年点击量超过|300万次", None),
    ("均为|100%", None),
    ("各部门公开|80条", None),
    ("每月通报,全年发布|12期", None),
    ("共受理|5件", None),
    ("年均点击|12万次", "年"),
    ("全市日均接待|30人", "日"),
    ("共32件均已办毕:给予公开|9件", None),
    ("受理的32件均已办结,公开|9件", None),
    ("32 件均答复|9件", None),
    ("申请人均获答复|9件", None),
    ("12月31日均办结|9件", None),
    ("全年均保持在|9件", None),
]


@pytest.mark.parametrize(("marked", "per"), CASES, ids=[case[0] for case in CASES])
def test_cases(marked: str, per: str | None) -> None:
    before, quantity = marked.split("|")
    assert find_per(before + quantity, len(before)) == per
