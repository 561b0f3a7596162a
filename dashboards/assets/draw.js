// SPDX-License-Identifier: GPL-2.0-or-later
// Draws the charts of a page from the specifications that stand in it. Expressions are interpreted,
// so the content security policy needs no exception for them.
"use strict";
(() => {
  const outcomes = { passed: "passed", failed: "failed", crashed: "crashed", timed_out: "timed",
                     unresolved: "timed", skipped: "quiet", xfailed: "quiet", missing: "unknown",
                     blocked: "blocked", infra_error: "infra" };
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const fillOf = (word) => css("--" + outcomes[word] + "-fill");

  // A colour may be named by an outcome; a field called "outcome" has the colours of outcomes.
  const coloured = (node, values) => {
    if (Array.isArray(node)) { node.forEach((each) => coloured(each, values)); return; }
    if (node === null || typeof node !== "object") return;
    for (const [key, child] of Object.entries(node)) {
      if (key === "data") continue;
      if (key === "color" && child && child.field === "outcome" && !child.scale) {
        const words = Object.keys(outcomes).filter((word) => values.some((value) => value.outcome === word));
        child.scale = { domain: words, range: words.map(fillOf) };
        // Stacked as in the bars of the pages.
        if (!node.order) node.order = { field: "outcome_rank", type: "quantitative" };
        values.forEach((value) => { value.outcome_rank = words.indexOf(value.outcome); });
      } else if (key === "shape" && child && child.field === "outcome" && !child.scale) {
        child.scale = { domain: Object.keys(outcomes).filter((word) => values.some((value) => value.outcome === word)) };
      } else if (key === "range" && Array.isArray(child)) {
        node.range = child.map((word) => outcomes[word] ? fillOf(word) : word);
      } else {
        coloured(child, values);
      }
    }
  };

  const config = () => {
    const text = css("--text"), dim = css("--dim"), line = css("--line");
    const font = getComputedStyle(document.body).fontFamily;
    return {
      background: null, font, view: { stroke: null },
      axis: { labelColor: dim, titleColor: dim, gridColor: line, domainColor: line, tickColor: line,
              labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal" },
      legend: { labelColor: text, titleColor: dim, labelFontSize: 12, orient: "top" },
      header: { labelColor: dim, titleColor: dim },
      mark: { color: css("--link") }, bar: { color: css("--link") }, tick: { color: css("--link") },
      point: { color: css("--link") },
      range: { category: [css("--link"), css("--failed-fill"), css("--passed-fill"), css("--infra-fill"),
                          css("--timed-fill"), css("--crashed-fill"), css("--quiet-fill")] },
    };
  };

  const draw = async (figure) => {
    const plot = figure.querySelector(".plot");
    const spec = JSON.parse(figure.querySelector("script").textContent);
    coloured(spec, spec.data.values);
    spec.config = config();
    const narrow = Math.max(220, Math.min(760, plot.clientWidth - 40));
    const faceted = spec.encoding && (spec.encoding.row || spec.encoding.column);
    if (!spec.width && !spec.hconcat && !spec.vconcat && !spec.facet) spec.width = faceted ? narrow - 120 : narrow;
    if (!spec.autosize && !faceted) spec.autosize = { type: "fit-x", contains: "padding" };
    const runtime = vega.parse(vegaLite.compile(spec, { logger: vega.logger(vega.Error) }).spec, null, { ast: true });
    // Nothing is ever loaded.
    const loader = { load: () => Promise.reject(new Error("no")), sanitize: () => Promise.reject(new Error("no")) };
    if (plot.view) plot.view.finalize();
    plot.replaceChildren();
    plot.view = new vega.View(runtime, { expr: vega.expressionInterpreter, renderer: "svg", loader,
                                         container: plot, hover: true, logLevel: vega.Error });
    await plot.view.runAsync();
  };

  const drawAll = async (first) => {
    for (const figure of document.querySelectorAll("figure.chart")) {
      try {
        await draw(figure);
        if (first) figure.querySelector("details").open = false;
      } catch (error) {
        // The table stays.
        console.warn("kmatrix: a chart was not drawn: " + error.message);
      }
    }
  };
  // Deferred scripts run before DOMContentLoaded, at which the page takes its place.
  document.addEventListener("DOMContentLoaded", () => drawAll(true));
  document.addEventListener("theme", () => drawAll(false));
  document.addEventListener("content", () => drawAll(true));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll(false));
  let timer = 0;
  addEventListener("resize", () => { clearTimeout(timer); timer = setTimeout(() => drawAll(false), 150); });
})();
