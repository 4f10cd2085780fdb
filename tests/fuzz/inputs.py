"""Bytes as reports: most bytes stand for a piece of one, so that a change of a byte changes the report and not only its encoding."""

from __future__ import annotations

from functools import cache

from govie.resources import data_names, data_toml

SIGNS = list("0123456789０５一二两三十百千万亿萬億零〇余多几约近超,.，。；;、:：()（）%％-—~至到年月日第\n\t |“”《》[]{}§\\/#<>&")
WAYS_TO_PART = ["\r\n", "\n\n", "  "]
WORDS = [
    "全年", "县政府", "共受理", "申请", "政府信息", "主动公开", "其中", "分别", "包括", "占", "同比增长", "比去年", "较上年下降", "日均", "每月", "各", "平均每个", "截至2023年12月31日",
    "2019年", "二〇一三年", "上年结转", "办结", "网络渠道", "政务微博", "行政复议", "行政诉讼", "未发生", "没有", "未收取", "无", "收费", "满意率", "百分之", "三成五", "计划", "将",
    "20个工作日内", "一、", "（二）", "3.", "一是", "国办发〔2016〕8号", "12345热线", "第二十条", "五公开", "三至5", "1,234", "12 345", "-766", "0.5", "1.2.3", "共计", "合计", "总计",
    "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "予以公开", "本年新收", "结果维持", "结果纠正", "规章", "制发件数", "单位:万元", "(单位:件)", "指标名称", "计量单位", "统计数",
    "| 5 | 6 |", "|---|---|", "\t5\t0\t", "(wàn)", "😀", "𠮷", "\u200b", "\u202e", "\u0301", "\ufeff", "\x00", "\ud800", "①", "Ⅳ", "〤", "㈠", "⼀",
]  # fmt: skip


@cache
def pieces() -> tuple[str, ...]:
    """What a byte stands for: signs and words of reports, units, approximators, and labels of the statutory tables."""
    units, words = data_toml("units.toml"), data_toml("approximators.toml")
    labels = [
        label.translate(str.maketrans("", "", "[]{}"))
        for name in data_names("forms")
        if name.endswith(".toml")
        for table in data_toml("forms", name)["tables"]
        for line in (*table.get("rows", ()), *table["columns"])
        for label in line.get("labels", ())[:1]
    ]
    return (*SIGNS, *WAYS_TO_PART, *WORDS, *units["units"]["words"], *words["before"], *words["after"], *labels)


def text_of(data: bytes) -> str:
    """A text. The first byte says which: pieces a byte, pieces two bytes, pieces repeated, or the bytes as UTF-8."""
    if not data:
        return ""
    way, rest, known = data[0] % 8, data[1:], pieces()
    if way == 7:
        return rest.decode("utf-8", "surrogateescape")
    if way == 6:
        return rest.decode("utf-16-le", "surrogatepass" if len(rest) % 2 == 0 else "replace")
    if way < 3:
        return "".join(known[byte] for byte in rest)
    parts = [known[(rest[n] * 256 + rest[n + 1]) % len(known)] for n in range(0, len(rest) - 1, 2)]
    text = "".join(parts)
    return text if way < 5 or not parts else text[: len(text) // 2] + parts[-1] * (2 + rest[0]) + text[len(text) // 2 :]
