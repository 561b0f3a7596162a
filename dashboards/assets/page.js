// SPDX-License-Identifier: GPL-2.0-or-later
// What a page can do beyond HTML: theme, filter, sort, keys. A page without it has all of its
// content. No framework and no module, which a browser would not load from a file.
"use strict";
(() => {
  const root = document.documentElement;
  const stored = { get(key) { try { return localStorage.getItem(key); } catch { return null; } },
                   set(key, value) { try { localStorage.setItem(key, value); } catch { /* private */ } } };
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  // Before anything is shown.
  const chosen = stored.get("kmatrix-theme");
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;

  // What is chosen stands in the address: it can be sent, and Back goes back to it.
  const state = new URLSearchParams(location.search);
  const remember = () => {
    const query = state.toString();
    history.replaceState(null, "", location.pathname + (query ? "?" + query : "") + location.hash);
  };
  const put = (key, value) => { if (value) state.set(key, value); else state.delete(key); remember(); };

  const addTheme = () => {
    const button = make("button", { type: "button", id: "theme" });
    const label = () => { button.textContent = isDark() ? "Light" : "Dark";
                          button.setAttribute("aria-label", "Switch to the " + (isDark() ? "light" : "dark") + " theme"); };
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      stored.set("kmatrix-theme", root.dataset.theme);
      label();
      document.dispatchEvent(new Event("theme"));
    });
    label();
    document.querySelector(".top").append(button);
  };

  // Rows that one filter of the page is for.
  const rowsOf = () => [...document.querySelectorAll("main table.rows > tbody > tr, main table.grid > tbody > tr, main ul.list > li")]
    .filter((row) => !row.closest("details"));
  const filter = () => {
    const words = (state.get("q") || "").toLowerCase().split(/\s+/).filter(Boolean);
    const outcomes = new Set((state.get("show") || "").split(",").filter(Boolean));
    let shown = 0, all = 0;
    for (const row of rowsOf()) {
      row.text ??= row.textContent.toLowerCase();
      const own = (row.dataset.o || "").split(" ");
      const hidden = !words.every((word) => row.text.includes(word)) ||
        (outcomes.size > 0 && row.hasAttribute("data-o") && !own.some((word) => outcomes.has(word)));
      row.hidden = hidden;
      all += 1;
      if (!hidden) shown += 1;
    }
    const count = document.querySelector(".controls .shown");
    if (count) count.textContent = shown === all ? all + " rows" : shown + " of " + all + " rows";
  };

  const order = ["failed", "crashed", "timed_out", "unresolved", "blocked", "missing", "infra_error",
                 "xfailed", "skipped", "passed"];
  const addFilter = () => {
    const rows = rowsOf();
    const main = document.querySelector("main");
    if (rows.length < 4) return;
    const input = make("input", { type: "search", id: "filter", "aria-label": "Filter the rows",
                                  placeholder: "Filter  ( / )", autocomplete: "off" });
    input.value = state.get("q") || "";
    let timer = 0;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => { put("q", input.value.trim()); filter(); }, 60);
    });
    const controls = make("div", { class: "controls", role: "search" }, input);
    const present = new Set(rows.flatMap((row) => (row.dataset.o || "").split(" ")));
    const chips = order.filter((word) => present.has(word));
    if (chips.length > 1) for (const word of chips) controls.append(chip(word));
    controls.append(make("span", { class: "shown", role: "status" }));
    const first = rows[0].closest("section, .scroll, ul");
    const heading = first.previousElementSibling?.tagName === "H2" ? first.previousElementSibling : first;
    let anchor = heading;
    while (anchor.parentElement !== main) anchor = anchor.parentElement;
    main.insertBefore(controls, anchor);
    filter();
  };
  const chip = (word) => {
    const now = () => new Set((state.get("show") || "").split(",").filter(Boolean));
    const button = make("button", { type: "button", "data-outcome": word, "aria-pressed": String(now().has(word)) },
                        make("span", { class: "o o-" + word }, word.replace("_", " ")));
    button.addEventListener("click", () => {
      const set = now();
      if (!set.delete(word)) set.add(word);
      button.setAttribute("aria-pressed", String(set.has(word)));
      put("show", [...set].join(","));
      filter();
    });
    return button;
  };

  // Sorting: sort=TABLE.COLUMN, with "-" in front for the other way.
  const valueOf = (row, column) => {
    const cell = row.cells[column];
    if (!cell) return "";
    return cell.dataset.v !== undefined ? Number(cell.dataset.v) : cell.textContent.trim();
  };
  const sortBy = (table, column, down) => {
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => ({ row, value: valueOf(row, column) }));
    const numeric = rows.every(({ value }) => typeof value === "number" || value === "" || value === "–" ||
                                               /^-?[\d,.]+$/.test(value));
    const number = (value) => typeof value === "number" ? value : Number(String(value).replaceAll(",", "")) || 0;
    const collator = new Intl.Collator("en", { numeric: true });
    rows.sort((a, b) => numeric ? number(a.value) - number(b.value) : collator.compare(a.value, b.value));
    if (down) rows.reverse();
    body.append(...rows.map(({ row }) => row));
    for (const head of table.tHead.rows[0].cells) head.removeAttribute("aria-sort");
    table.tHead.rows[0].cells[column].setAttribute("aria-sort", down ? "descending" : "ascending");
  };
  const addSort = () => {
    const wanted = /^(-?)(\d+)\.(\d+)$/.exec(state.get("sort") || "");
    [...document.querySelectorAll("main table.rows")].forEach((table, number) => {
      if (table.tBodies[0].rows.length < 2) return;
      [...table.tHead.rows[0].cells].forEach((head, column) => {
        const button = make("button", { type: "button" }, head.textContent);
        head.replaceChildren(button);
        button.addEventListener("click", () => {
          const down = head.getAttribute("aria-sort") === "ascending";
          sortBy(table, column, down);
          put("sort", (down ? "-" : "") + number + "." + column);
        });
      });
      if (wanted && Number(wanted[2]) === number && Number(wanted[3]) < table.tHead.rows[0].cells.length)
        sortBy(table, Number(wanted[3]), wanted[1] === "-");
    });
  };

  const addCopy = () => {
    if (!navigator.clipboard) return;
    for (const command of document.querySelectorAll("pre.command")) {
      const text = command.textContent;
      const button = make("button", { type: "button", "aria-label": "Copy the command" }, "copy");
      button.addEventListener("click", () => navigator.clipboard.writeText(text).then(
        () => { button.textContent = "copied"; }, () => { button.textContent = "cannot"; }));
      command.append(button);
    }
  };

  // Links to what is not good, from one to the next.
  const badLinks = () => [...document.querySelectorAll("main tr:not([hidden]) :is(.o-failed, .o-crashed, .o-timed_out, .o-unresolved)")]
    .map((sign) => sign.closest("a") || sign.querySelector("a") || sign.closest("tr").querySelector("a"))
    .filter((link, at, all) => link && all.indexOf(link) === at);
  const goTo = (step) => {
    const links = badLinks();
    const at = links.indexOf(document.activeElement);
    const next = links[at < 0 ? (step > 0 ? 0 : links.length - 1) : (at + step + links.length) % links.length];
    if (next) { next.focus(); next.scrollIntoView({ block: "center" }); }
  };
  const keys = [["/", "filter"], ["n", "next that is not good"], ["p", "the one before"],
                ["t", "theme"], ["?", "these keys"]];
  const help = () => {
    const old = document.querySelector(".keys");
    if (old) { old.remove(); return; }
    const box = make("div", { class: "keys", role: "dialog", "aria-label": "Keys" });
    for (const [key, does] of keys) box.append(make("div", {}, make("kbd", {}, key), " " + does));
    document.body.append(box);
  };
  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const field = document.querySelector("#filter");
    if (event.key === "Escape") {
      document.querySelector(".keys")?.remove();
      if (document.activeElement === field) field.blur();
      return;
    }
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName || "")) return;
    if (event.key === "/" && field) { event.preventDefault(); field.focus(); }
    else if (event.key === "n") goTo(1);
    else if (event.key === "p") goTo(-1);
    else if (event.key === "t") document.querySelector("#theme")?.click();
    else if (event.key === "?") help();
  };

  // A page from `kmatrix serve` asks every few seconds whether something is new.
  const watch = () => {
    let version = null;
    const ask = async () => {
      try {
        const answer = await fetch("/version", { cache: "no-store" });
        const now = await answer.text();
        if (version !== null && now !== version && !document.hidden) await refresh();
        version = now;
      } catch { /* the server ended; the page stays */ }
      setTimeout(ask, 2000);
    };
    ask();
  };
  const refresh = async () => {
    const answer = await fetch(location.pathname + location.search, { cache: "no-store" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const open = [...document.querySelectorAll("main details")].map((each) => each.open);
    const field = document.querySelector("#filter");
    const typing = field !== null && document.activeElement === field;
    document.querySelector("main").replaceWith(page.querySelector("main"));
    [...document.querySelectorAll("main details")].forEach((each, at) => { if (open[at] !== undefined) each.open = open[at]; });
    enhance();
    if (typing) document.querySelector("#filter")?.focus();
    document.dispatchEvent(new Event("content"));
  };

  const enhance = () => { addSort(); addFilter(); addCopy(); };
  document.addEventListener("DOMContentLoaded", () => {
    addTheme();
    enhance();
    document.addEventListener("keydown", onKey);
    if (document.body.hasAttribute("data-live")) watch();
    // Rows may have moved since the browser went to the anchor.
    if (location.hash.length > 1) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView({ block: "center" });
  });
})();
