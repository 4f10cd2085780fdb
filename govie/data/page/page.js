"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("data").textContent);
  const root = document.documentElement;
  const BOUNDS = { ">=": "≥", "<=": "≤" };
  const words = {
    zh: { value: "数值", unit: "单位", bound: "界", metric: "指标", kind: "类型", sure: "把握", note: "说明", total: "合计格", entity: "主体", channel: "渠道", period: "时间", category: "类别", applicant: "申请人",
      reported: "已发生", planned: "计划", required: "规定", all: "全部", of: "项", yes: "是", close: "关闭",
      pass: "通过", fail: "不符", uncertain: "存疑", not_assessable: "无法判断", none: "没有检查结果",
      "=": "确数", ">": "多于", ">=": "不少于", "<": "少于", "<=": "不多于", "~": "约", "..": "区间" },
    en: { value: "value", unit: "unit", bound: "bound", metric: "metric", kind: "kind", sure: "confidence", note: "note", total: "total", entity: "entity", channel: "channel", period: "period", category: "category", applicant: "applicant",
      reported: "reported", planned: "planned", required: "required", all: "all", of: "figures", yes: "yes", close: "Close",
      pass: "pass", fail: "fail", uncertain: "uncertain", not_assessable: "not assessable", none: "No findings",
      "=": "exact", ">": "more than", ">=": "at least", "<": "less than", "<=": "at most", "~": "about", "..": "range" },
  };
  const say = (key) => words[root.lang][key] ?? key;
  const el = (name, properties = {}, ...children) => {
    const node = Object.assign(document.createElement(name), properties);
    node.append(...children);
    return node;
  };

  // Every marked stretch of the text by its offset, and the marks of each claim.
  const pieces = [...document.querySelectorAll("[data-o]")].map((node) => ({ at: +node.dataset.o, node }));
  const marks = data.claims.map(() => []);
  for (const { node } of pieces) for (const n of (node.dataset.c ?? "").split(" ").filter(Boolean)) marks[n].push(node);
  const inside = (start, end) => {
    let low = 0, high = pieces.length;
    while (low < high) { const middle = (low + high) >> 1; if (pieces[middle].at < start) low = middle + 1; else high = middle; }
    const found = [];
    for (let n = low; n < pieces.length && pieces[n].at < end; n++) found.push(pieces[n].node);
    return found;
  };
  const order = pieces.filter(({ node }) => node.dataset.c).map(({ node }) => node);
  if (order.length) order[0].tabIndex = 0;

  let shown = [], held = false, lit = [];

  const show = (numbers, { hold = false, scroll = false } = {}) => {
    clear();
    shown = numbers; held = hold;
    for (const n of numbers) {
      marks[n].forEach((node) => node.classList.add("on"));
      for (const [start, end] of Object.values(data.claims[n].scope)) inside(start, end).forEach((node) => node.classList.add("on"));
      $("rows").querySelector(`[data-n="${n}"]`)?.classList.add("on");
    }
    if (scroll && numbers.length) {
      const target = marks[numbers[0]][0];
      if (innerWidth <= 800) tab("text");
      target?.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    }
    describe(); draw();
  };
  const clear = () => {
    document.querySelectorAll(".on").forEach((node) => { if (!node.closest("#findings")) node.classList.remove("on"); });
    $("lines").replaceChildren(); shown = [];
  };
  const hide = () => { clear(); held = false; $("detail").hidden = true; };

  const describe = () => {
    const box = $("detail");
    const close = el("button", { id: "close", type: "button", textContent: "×", onclick: () => { hide(); } });
    close.setAttribute("aria-label", say("close"));
    box.replaceChildren(close);
    for (const n of shown.slice(0, 6)) {
      const claim = data.claims[n], list = el("dl");
      const row = (key, text) => list.append(el("dt", { textContent: say(key) }), el("dd", { textContent: text }));
      row("value", claim.v + (claim.h === null ? "" : " – " + claim.h));
      row("unit", claim.u + (claim.p ? " / " + claim.p : ""));
      if (claim.b !== "=") row("bound", `${claim.b} ${say(claim.b)}`);
      row("metric", `${root.lang === "zh" ? claim.zh : claim.en} (${claim.m})`);
      for (const [role, part] of Object.entries(claim.scope)) row(role, part[2].replace(/\s+/g, " "));
      row("kind", say(claim.k));
      if (claim.c !== null) row("sure", Math.round(claim.c * 100) + " %");
      if (claim.total) row("total", say("yes"));
      if (claim.n) row("note", claim.n);
      box.append(el("section", {}, el("h2", { textContent: claim.t.replace(/\s+/g, " ") }), list));
    }
    box.hidden = !shown.length;
  };

  // Lines from a claim to the spans of its scope, while both are on the screen.
  const draw = () => {
    const svg = $("lines");
    svg.replaceChildren();
    if (shown.length !== 1) return;
    const from = marks[shown[0]][0]?.getBoundingClientRect(), view = $("text").getBoundingClientRect();
    if (!from || from.width === 0) return;
    const seen = (box) => box.bottom > view.top && box.top < view.bottom;
    for (const [role, [start, end]] of Object.entries(data.claims[shown[0]].scope)) {
      const node = inside(start, end)[0];
      const to = node?.getBoundingClientRect();
      if (!to || !seen(to) || !seen(from)) continue;
      const x1 = from.left + from.width / 2, x2 = to.left + to.width / 2;
      const y1 = from.top, y2 = to.top, lift = Math.min(28, 10 + Math.abs(x1 - x2) / 12 + Math.abs(y1 - y2) / 12);
      const path = document.createElementNS(svg.namespaceURI, "path");
      path.setAttribute("d", `M${x1},${y1} C${x1},${y1 - lift} ${x2},${y2 - lift} ${x2},${y2}`);
      const label = document.createElementNS(svg.namespaceURI, "text");
      label.setAttribute("x", x2); label.setAttribute("y", y2 - 3); label.setAttribute("text-anchor", "middle");
      label.textContent = say(role);
      svg.append(path, label);
    }
  };
  let waiting = false;
  const redraw = () => { if (!waiting) { waiting = true; requestAnimationFrame(() => { waiting = false; draw(); }); } };
  $("text").addEventListener("scroll", redraw, { passive: true });
  addEventListener("resize", redraw);

  const numbers = (node) => (node?.dataset.c ?? "").split(" ").filter(Boolean).map(Number);
  $("text").addEventListener("mouseover", (event) => { const mark = event.target.closest("mark"); if (mark && !held) show(numbers(mark)); });
  $("text").addEventListener("mouseout", (event) => { if (event.target.closest("mark") && !held) hide(); });
  $("text").addEventListener("click", (event) => { const mark = event.target.closest("mark"); if (mark) { focusMark(mark); show(numbers(mark), { hold: true }); } });
  const focusMark = (mark) => { for (const node of order) node.tabIndex = -1; mark.tabIndex = 0; mark.focus({ preventScroll: true }); };
  $("text").addEventListener("keydown", (event) => {
    const mark = event.target.closest("mark");
    if (!mark) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      const next = order[order.indexOf(mark) + step];
      if (next) { focusMark(next); show(numbers(next), { hold: true, scroll: true }); }
      event.preventDefault();
    } else if (event.key === "Enter" || event.key === " ") { show(numbers(mark), { hold: true }); event.preventDefault(); }
  });
  addEventListener("keydown", (event) => { if (event.key === "Escape") { hide(); light([]); } });

  // The list: filter, sort, jump.
  let key = "s", way = 1;
  const family = $("family"), query = $("query");
  const label = (claim) => (root.lang === "zh" ? claim.zh : claim.en);
  const fill = () => {
    const format = new Intl.NumberFormat(root.lang, { maximumFractionDigits: 20 }), collator = new Intl.Collator(root.lang);
    const wanted = query.value.trim().toLowerCase();
    const found = data.claims.map((claim, n) => ({ claim, n })).filter(({ claim }) => (!family.value || claim.g === family.value)
      && (!wanted || [claim.t, claim.m, claim.zh, claim.en, ...Object.values(claim.scope).map((part) => part[2])].some((text) => text.toLowerCase().includes(wanted))));
    const value = { s: (c) => c.s, v: (c) => +c.v, m: (c) => label(c), c: (c) => c.c ?? -1 }[key];
    found.sort((a, b) => { const x = value(a.claim), y = value(b.claim); return way * (typeof x === "string" ? collator.compare(x, y) : x - y) || a.n - b.n; });
    $("rows").replaceChildren(...found.map(({ claim, n }) => {
      const go = el("button", { type: "button", className: `go g-${claim.g}`, textContent: claim.t.replace(/\s+/g, " ") });
      go.onclick = () => { light([]); show([n], { hold: true, scroll: true }); };
      const scope = Object.values(claim.scope).map((part) => part[2].replace(/\s+/g, "")).join(" · ");
      const bound = claim.b === "=" || claim.b === ".." ? "" : (BOUNDS[claim.b] || claim.b);
      const row = el("tr", { className: shown.includes(n) ? "on" : "" }, el("td", {}, go), el("td", { textContent: bound + format.format(claim.v) + (claim.h === null ? "" : "–" + claim.h) + " " + claim.u }),
        el("td", {}, label(claim), el("small", { textContent: scope })), el("td", { textContent: claim.c === null ? "" : Math.round(claim.c * 100) + "%" }));
      row.dataset.n = n;
      return row;
    }));
    $("shown").textContent = `${found.length} / ${data.claims.length} ${say("of")}`;
  };
  query.addEventListener("input", fill);
  family.addEventListener("change", fill);
  $("filter").addEventListener("submit", (event) => event.preventDefault());
  document.querySelectorAll("[data-sort]").forEach((button) => button.addEventListener("click", () => {
    way = key === button.dataset.sort ? -way : 1;
    key = button.dataset.sort;
    document.querySelectorAll(".claims th").forEach((head) => head.removeAttribute("aria-sort"));
    button.parentElement.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
    fill();
  }));

  // The findings, failures first.
  const ranks = ["fail", "uncertain", "not_assessable", "pass"];
  const visible = new Set(data.findings.some((finding) => finding.status === "fail" || finding.status === "uncertain") ? ["fail", "uncertain"] : ranks);
  const light = (claims, status) => {
    lit.forEach((node) => node.classList.remove("lit", "held"));
    lit = claims.flatMap((n) => marks[n]);
    lit.forEach((node) => { node.classList.add("lit"); if (status === "pass") node.classList.add("held"); });
    if (!claims.length) document.querySelectorAll("#findings .on").forEach((node) => node.classList.remove("on"));
  };
  const list = () => {
    $("statuses").replaceChildren(...ranks.map((status) => {
      const count = data.findings.filter((finding) => finding.status === status).length;
      const button = el("button", { type: "button", textContent: `${say(status)} ${count}` });
      button.setAttribute("aria-pressed", visible.has(status));
      button.onclick = () => { if (visible.has(status)) visible.delete(status); else visible.add(status); list(); };
      return button;
    }));
    const found = data.findings.filter((finding) => visible.has(finding.status)).sort((a, b) => ranks.indexOf(a.status) - ranks.indexOf(b.status));
    $("findings").replaceChildren(...found.map((finding) => {
      const button = el("button", { type: "button", className: finding.status }, finding[root.lang], el("small", { textContent: `${say(finding.status)} · ${finding.code}` }));
      button.onclick = () => {
        hide(); light([]);
        button.classList.add("on");
        light(finding.claims, finding.status);
        if (finding.claims.length) { if (innerWidth <= 800) tab("text"); marks[finding.claims[0]][0]?.scrollIntoView({ block: "center" }); }
      };
      return el("li", {}, button);
    }));
    if (!data.findings.length) $("findings").append(el("li", { className: "none", textContent: say("none") }));
  };

  document.querySelectorAll(".bar").forEach((bar) => {
    const go = () => { const claims = numbers(bar); if (claims.length) { light([]); show(claims, { hold: true, scroll: true }); } };
    bar.addEventListener("click", go);
    bar.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { go(); event.preventDefault(); } });
  });

  // Tabs: on a narrow screen the text is one of them, on a wide one it stays beside the others.
  const tab = (name) => {
    root.dataset.tab = name;
    if (name !== "text") root.dataset.side = name;
    if (name !== "text" && innerWidth <= 800) hide();
    document.querySelectorAll("[role=tab]").forEach((button) => button.setAttribute("aria-selected", button.dataset.show === (innerWidth > 800 ? root.dataset.side : name)));
    redraw();
  };
  document.querySelectorAll("[role=tab]").forEach((button) => button.addEventListener("click", () => tab(button.dataset.show)));
  document.querySelector("nav").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tabs = [...document.querySelectorAll("[role=tab]")].filter((button) => button.offsetParent);
    const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
    next.focus(); tab(next.dataset.show);
  });
  addEventListener("resize", () => tab(root.dataset.tab));

  const speak = () => {
    const chosen = family.value;
    family.replaceChildren(el("option", { value: "", textContent: say("all") }), ...data.groups.filter((group) => data.claims.some((claim) => claim.g === group.key))
      .map((group) => el("option", { value: group.key, textContent: group[root.lang] })));
    family.value = chosen;
    fill(); list(); if (shown.length) describe(); redraw();
  };
  $("language").addEventListener("click", () => { root.lang = root.lang === "zh" ? "en" : "zh"; speak(); });
  root.dataset.side = data.findings.some((finding) => finding.status === "fail") ? "checks" : "list";
  tab("text");
  speak();
})();
