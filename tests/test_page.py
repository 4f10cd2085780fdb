"""The page: every character of the report once and escaped, nothing fetched, and in a browser everything works."""

import html
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import govie
from tests.reports import applications, cells, prose, table_text, tables

EVIL = '</script><script>document.title="ran"</script><img src=x onerror="document.title=1">&lt;'
SAID = "2023年,县政府受理申请{5件|application.received period=2023年 entity=县政府},其中网络{3件|application.received channel=网络}、信函{4件|application.received channel=信函}。"


def _evil() -> govie.Extraction:
    text = f"{EVIL}公开信息5条{EVIL}。"
    start = text.index("5条")
    scope = govie.Scope(category=govie.Span(0, len(EVIL), source=text))
    claim = govie.Claim(start, start + 2, govie.Claim.from_dict(prose("{5条|disclosure.items}")[0].to_dict(), source="5条").value, "条", "disclosure.items",
                        scope=scope, note=EVIL, source=text)  # fmt: skip
    return govie.Extraction(govie.Document(text, name=EVIL, publisher=EVIL), (claim,))


def _text_of(page: str) -> str:
    article = re.search(r"<article[^>]*>(.*)</article>", page, re.DOTALL)
    assert article
    return html.unescape(re.sub(r"<[^>]*>", "", article[1]))


def test_every_character_stands_on_the_page_once() -> None:
    extraction = cells(applications(2), year=2023)
    assert "".join(_text_of(extraction.to_html()).split()) == "".join(extraction.document.text.split())


def test_marks_and_spans_are_where_they_should_be() -> None:
    page = prose(SAID, year=2023).to_html()
    assert re.findall(r'<mark[^>]*data-c="(\d+)"[^>]*>([^<]*)</mark>', page) == [("0", "5件"), ("1", "3件"), ("2", "4件")]
    assert re.findall(r'<span data-o="\d+">([^<]*)</span>', page) == ["2023年", "县政府", "网络", "信函"]


def test_tables_of_the_document_are_tables() -> None:
    text = "前言\n部门\t件数\n甲\t3\n后语"
    places = [(0, 0, 3, 5), (0, 1, 6, 8), (1, 0, 9, 10), (1, 1, 11, 12)]
    grid = govie.document.Table(tuple(govie.document.Cell(*place) for place in places))
    page = govie.Extraction(govie.Document(text, tables=(grid,)), ()).to_html()
    assert "<tr><td>甲</td><td>3</td></tr>" in page
    assert _text_of(page).split() == ["前言部门件数甲3后语"]
    torn = govie.document.Table((govie.document.Cell(0, 0, 3, 5), govie.document.Cell(0, 1, 11, 12)))
    page = govie.Extraction(govie.Document(text, tables=(torn,)), ()).to_html()
    assert "".join(_text_of(page).split()) == "".join(text.split())  # a grid that leaves text out does not stand for it


def test_a_table_that_the_text_has_flattened_is_shown_in_rows() -> None:
    rows = applications(2)
    text = re.sub(r" *\| *", "\n\n", table_text(rows)).replace("\n\n\n", "\n")
    extraction = tables(text)
    assert len(extraction) > 100
    page = extraction.to_html()
    shown = [re.findall(r"<td>(.*?)</td>", line) for line in re.findall(r"<tr>(.*?)</tr>", page)]
    found = [[re.sub("<[^>]*>", "", cell) for cell in line] for line in shown]
    assert [str(value) for value in rows[0]] in [line[1:] for line in found]
    assert "".join(_text_of(page).split()) == "".join(text.split())


def test_nothing_in_a_report_is_markup() -> None:
    page = _evil().to_html()
    assert page.count("<script") == 2
    assert "<img" not in page
    assert EVIL in _text_of(page)
    assert "<script" not in _evil()._repr_html_()
    assert "{{" not in page
    braces = govie.Extraction(govie.Document("{{data}} {{nothing}}"), ()).to_html()
    assert "{{data}} {{nothing}}" in _text_of(braces)


def test_the_page_asks_for_nothing() -> None:
    page = cells(applications()).to_html()
    policy = re.search(r'content="(default-src [^"]*)"', page)
    assert policy
    assert policy[1].startswith("default-src 'none'")
    assert "unsafe-inline" not in policy[1].split("script-src")[1]
    assert not re.findall(r'(?:src|href)="(?!#)', page)
    assert "http" not in page.replace("http-equiv", "")


def test_charts_show_the_breakdowns() -> None:
    rows = applications(7)
    page = cells(rows).to_html()
    assert page.count("<svg viewBox") == 2
    assert f">{rows[2][-1]}</text>" in page
    assert "<svg viewBox" not in prose(SAID).to_html()


def test_the_short_form() -> None:
    short = prose(SAID, year=2023)._repr_html_()
    assert "5件" in short
    assert "✗" in short
    assert "<style" not in short


# In a browser.


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    webdriver = pytest.importorskip("selenium.webdriver")
    program, driver = shutil.which("chromium") or shutil.which("google-chrome"), shutil.which("chromedriver")
    if not program or not driver:
        pytest.skip("needs chromium and chromedriver")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1360,900", "--force-prefers-reduced-motion"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    opened = webdriver.Chrome(options, webdriver.ChromeService(driver))
    yield opened
    opened.quit()


def _open(browser: Any, tmp_path: Path, extraction: govie.Extraction) -> None:
    path = tmp_path / "page.html"
    path.write_text(extraction.to_html(), encoding="utf-8")
    browser.get_log("performance")
    browser.get_log("browser")
    browser.get(path.as_uri())


def _requests(browser: Any) -> list[str]:
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]


def test_browser_loads_without_a_request_and_runs_nothing_of_the_report(browser: Any, tmp_path: Path) -> None:
    _open(browser, tmp_path, _evil())
    assert [url for url in _requests(browser) if not url.endswith("page.html")] == []
    assert browser.title not in ("ran", "1")
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []
    assert "</script>" in browser.execute_script("return document.getElementById('text').textContent")


def test_browser_filters_sorts_and_jumps(browser: Any, tmp_path: Path) -> None:
    rows = applications(5)
    said = tables("总体情况。\n" * 80 + table_text(rows), year=2023)
    _open(browser, tmp_path, said)
    run = browser.execute_script
    run("document.getElementById('tab-list').click()")
    assert run("return document.querySelectorAll('#rows tr').length") == len(said)
    run("const q = document.getElementById('query'); q.value = '总计'; q.dispatchEvent(new Event('input'))")
    shown = run("return [...document.querySelectorAll('#rows tr')].map((row) => +row.dataset.n)")
    assert shown == [n for n, claim in enumerate(said) if str(claim.scope.applicant) == "总计"]
    run("document.querySelector('[data-sort=v]').click()")
    shown = run("return [...document.querySelectorAll('#rows tr')].map((row) => +row.dataset.n)")
    values = [said[n].value for n in shown]
    assert values == sorted(values)
    run("document.querySelector('#rows .go').click()")
    assert run("return document.querySelector('mark.on').textContent") == said[shown[0]].text
    box = run("const b = document.querySelector('mark.on').getBoundingClientRect(); return [b.top, b.bottom, innerHeight]")
    assert 0 < box[0] < box[1] < box[2]
    assert "总计" in run("return document.getElementById('detail').textContent")


def test_browser_shows_scopes_and_findings_by_keyboard(browser: Any, tmp_path: Path) -> None:
    keys = pytest.importorskip("selenium.webdriver.common.keys").Keys
    _open(browser, tmp_path, prose(SAID, year=2023))
    run = browser.execute_script
    run("document.querySelector('mark').focus()")
    browser.switch_to.active_element.send_keys(keys.ENTER)
    assert run("return [...document.querySelectorAll('span.on')].map((node) => node.textContent)") == ["2023年", "县政府"]
    assert run("return document.querySelectorAll('#lines path').length") == 2
    browser.switch_to.active_element.send_keys(keys.ARROW_RIGHT)
    assert run("return document.querySelector('mark.on').textContent") == "3件"
    assert run("return document.activeElement.textContent") == "3件"
    browser.switch_to.active_element.send_keys(keys.ESCAPE)
    assert run("return document.querySelectorAll('.on').length") == 0
    run("document.querySelector('#findings button.fail').focus()")
    browser.switch_to.active_element.send_keys(keys.ENTER)
    assert run("return document.querySelectorAll('mark.lit').length") == 3
    run("document.getElementById('language').click()")
    assert "total and parts" in run("return document.getElementById('findings').textContent")
    assert run("return document.getElementById('tab-list').innerText").split() == ["Figures", "3"]


def test_browser_on_a_phone(browser: Any, tmp_path: Path) -> None:
    phone = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    _open(browser, tmp_path, cells(applications(1), year=2023))
    run = browser.execute_script
    assert run("return [innerWidth, document.documentElement.scrollWidth]") == [390, 390]
    assert run("return getComputedStyle(document.querySelector('aside')).display") == "none"
    run("document.getElementById('tab-list').click()")
    assert run("return getComputedStyle(document.querySelector('article')).display") == "none"
    run("document.querySelector('#rows .go').click()")
    assert run("return getComputedStyle(document.querySelector('article')).display") != "none"
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_browser_opens_a_long_report_quickly(browser: Any, tmp_path: Path) -> None:
    marked = SAID + "各部门按照要求做好主动公开和依申请公开工作,不断提高质量。" * 8
    extraction = prose("\n".join([marked] * 270), year=2023)
    assert len(extraction.document.text) > 60_000
    _open(browser, tmp_path, extraction)
    browser.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})  # processor time: others on the machine do not decide
    before = _seconds(browser)
    browser.refresh()
    assert browser.execute_script("return document.querySelectorAll('#rows tr').length") == len(extraction)
    assert browser.execute_script("return document.querySelector('#text p:last-of-type').getBoundingClientRect().height") > 0
    assert _seconds(browser) - before < 2


def _seconds(browser: Any) -> float:
    metrics = browser.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))
