"""A page to look at: one self-contained HTML file of a report, its claims and its findings. Nothing is fetched, and no text runs.

document ──segments──▶ text and tables as HTML with every span marked     segments.py
claims, findings ──data──▶ what the page's script reads, as JSON           data.py
tables ──charts──▶ breakdowns as inline SVG                                charts.py
all ──render──▶ the page from govie/data/page/                             render.py
"""

from govie.page.render import to_html
from govie.page.short import to_short_html

__all__ = ["to_html", "to_short_html"]
