// SPDX-License-Identifier: GPL-2.0-or-later
// Looks at a published site as a reader would. See tests/site/run for what it is given.
"use strict";
const { spawn, execFileSync } = require("node:child_process");
const assert = require("node:assert/strict");
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const { CHROMIUM, DB, SITE, KMATRIX, SCREENSHOTS } = process.env;
const home = "file://" + SITE + "/";
const problems = [];
const hasCharts = fs.existsSync(SITE + "/charts.js");

const watch = (page, allowed) => {
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()))
      problems.push(`${page.url()}: console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`${page.url()}: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(allowed)) problems.push(`${page.url()}: asks ${request.url()}`);
  });
};
const newPage = async (browser, options = {}, allowed = home) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  watch(page, allowed);
  return page;
};
const step = async (name, does) => {
  const began = Date.now();
  try {
    await does();
    console.log(`ok      ${name} (${Date.now() - began} ms)`);
  } catch (error) {
    problems.push(`${name}: ${error.message}`);
    console.log(`FAILED  ${name}: ${error.message}`);
  }
};
const visibleRows = (page) => page.locator("main table > tbody > tr:visible").count();

const readerFollowsAFailure = async (browser) => {
  const page = await newPage(browser);
  await page.goto(home + "index.html");
  assert.equal(await page.title(), "Runs · kmatrix");
  await page.locator(".hero h2 a").click();
  await page.waitForURL(/run\/3\.html$/);
  assert.match(await page.title(), /direct-calls, run 3/);
  // The page takes keys once its script has made the filter.
  await page.waitForSelector("#filter");
  const all = await visibleRows(page);
  await page.keyboard.press("/");
  await page.keyboard.type("case-1.tc");
  await page.waitForFunction(() => location.search.includes("q=case-1.tc"));
  assert.ok(await visibleRows(page) < all, "the filter hides rows");
  await page.reload();
  assert.equal(await page.inputValue("#filter"), "case-1.tc");
  assert.ok(await visibleRows(page) < all, "the filter lives in the address");
  await page.keyboard.press("Escape");
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("n");
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "A");
  await page.locator("main table tr:visible a:has(.o-failed)").first().click();
  await page.waitForURL(/result\/\d+\.html#hit$/);
  const hit = page.locator("#hit");
  assert.match(await hit.textContent(), /direct\/case-1\.tc: expected 3, found 4/);
  await page.waitForFunction(() => {
    const box = document.querySelector("#hit").getBoundingClientRect();
    return box.top >= 0 && box.bottom <= innerHeight;
  });
  assert.match(await page.locator(".commands").textContent(), /kmatrix bundle 3 .* direct\/case-1\.tc/);
  assert.match(await page.locator("main").textContent(), /CFI/, "the difference of the .config is there");
  await page.context().close();
};

const outcomesAndSortLiveInTheAddress = async (browser) => {
  const page = await newPage(browser);
  await page.goto(home + "d/matrix/3.html");
  const all = await visibleRows(page);
  await page.click('button[data-outcome="crashed"]');
  assert.match(page.url(), /show=crashed/);
  const crashed = await visibleRows(page);
  assert.ok(crashed > 0 && crashed < all);
  await page.reload();
  assert.equal(await visibleRows(page), crashed);
  await page.goto(home + "index.html");
  await page.click("main table th:last-child button");
  assert.match(page.url(), /sort=0\.6/);
  assert.equal(await page.getAttribute("main table th:last-child", "aria-sort"), "ascending");
  await page.context().close();
};

const themeStays = async (browser) => {
  const page = await newPage(browser, { colorScheme: "light" });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.goto(home + "d/nightly.html");
  const light = await background();
  await page.click("#theme");
  const dark = await background();
  assert.notEqual(light, dark);
  await page.goto(home + "run/3.html");
  assert.equal(await background(), dark, "it is the same on the next page");
  await page.context().close();
};

const chartsAreDrawn = async (browser) => {
  const page = await newPage(browser);
  for (const name of ["d/nightly.html", "d/boots.html", "d/series/3.html", "d/incidents.html"]) {
    await page.goto(home + name);
    if (!hasCharts) {
      assert.match(await page.locator("main").textContent(), /Charts are left out/);
      continue;
    }
    await page.waitForSelector(".plot svg");
    assert.equal(await page.locator(".plot:not(:has(svg))").count(), 0, name);
  }
  await page.context().close();
};

const everyPageIsHarmless = async (browser) => {
  const page = await newPage(browser);
  // Some of each kind; site_test looks into every page.
  const some = (folder, count) => fs.readdirSync(path.join(SITE, folder)).filter((file) => file.endsWith(".html"))
    .slice(-count).map((file) => path.join(folder, file));
  const files = [...some("", 1), ...some("run", 1), ...some("cell", 2), ...some("kernel", 2), ...some("result", 4),
                 ...some("d", 9), ...some("d/case", 3)];
  assert.ok(files.length > 15);
  for (const file of files) {
    await page.goto(home + file, { waitUntil: "domcontentloaded" });
    const found = await page.evaluate(() => ({
      hacked: window.hacked, title: document.title, images: document.images.length,
      scripts: [...document.scripts].filter((script) => !script.src && script.type !== "application/json").length,
      heading: document.querySelectorAll("h1").length,
    }));
    assert.deepEqual({ hacked: found.hacked, images: found.images, scripts: found.scripts, heading: found.heading },
                     { hacked: undefined, images: 0, scripts: 0, heading: 1 }, file);
    assert.match(found.title, / · kmatrix$/, file);
  }
  await page.context().close();
};

const readsWithoutScript = async (browser) => {
  const page = await newPage(browser, { javaScriptEnabled: false });
  await page.goto(home + "d/nightly.html");
  assert.ok(await page.locator("main details[open] table").count() > 0, "a chart's figures are shown");
  await page.context().close();
};

const isAccessible = async (browser) => {
  const pages = ["index.html", "run/3.html", "d/matrix/3.html", "d/nightly.html", "cell/17.html",
                 "result/" + fs.readdirSync(SITE + "/result")[0], "kernel/9.html"];
  for (const [colorScheme, width] of [["light", 1280], ["dark", 390]]) {
    const page = await newPage(browser, { colorScheme, viewport: { width, height: 850 } });
    for (const name of pages) {
      await page.goto(home + name);
      if (hasCharts && await page.locator(".plot").count()) await page.waitForSelector(".plot svg");
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${name} at ${width} is ${overflow} px too wide`);
      if (SCREENSHOTS) await page.screenshot({
        path: path.join(SCREENSHOTS, `${name.replace(/\W/g, "-")}-${colorScheme}-${width}.png`), fullPage: true });
      // evaluate() is not held back by the page's policy.
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => axe.run({ preload: false, resultTypes: ["violations"] }));
      const serious = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
      assert.deepEqual(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)} ${nodes[0].failureSummary}`), [],
                       `${name} ${colorScheme} ${width}`);
    }
    await page.context().close();
  }
};

const ask = (port, headers) => new Promise((resolve, reject) =>
  http.get({ port, host: "127.0.0.1", path: "/", headers }, (answer) => { answer.resume(); resolve(answer); })
    .on("error", reject));

const isServedLive = async (browser) => {
  const server = spawn(KMATRIX, ["--db", DB, "serve", "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const address = (await new Promise((resolve) => server.stdout.once("data", resolve))).toString().trim();
    const port = Number(new URL(address).port);
    assert.match(address, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    const page = await newPage(browser, {}, address);
    await page.goto(address + "run/3.html");
    assert.equal(await page.locator("text=Just came in").count(), 0);
    execFileSync("python3", ["-c", `import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE case_result SET message = 'Just came in' WHERE id = (SELECT case_result.id FROM case_result "
           "JOIN cell ON cell.id = cell WHERE run = 3 AND outcome = 'failed' LIMIT 1)")
db.commit()`, DB]);
    await page.waitForSelector("text=Just came in", { timeout: 15000 });
    await page.goto(address + "d/case.html?suite=ftrace-direct&case_name=direct%2Fcase-1.tc");
    assert.match(await page.textContent("h1"), /direct\/case-1\.tc/);
    await page.context().close();
    assert.equal((await ask(port, { Host: "evil.example" })).statusCode, 403);
    const good = await ask(port, {});
    assert.equal(good.statusCode, 200);
    assert.match(good.headers["content-security-policy"], /default-src 'none'/);
  } finally {
    server.kill("SIGTERM");
  }
  assert.equal(await new Promise((resolve) => server.once("exit", resolve)), 0, "it ends when it is asked to");
};

(async () => {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: process.getuid() === 0 ? ["--no-sandbox"] : [] });
  await step("a reader follows a failure to its line", () => readerFollowsAFailure(browser));
  await step("outcomes and sort live in the address", () => outcomesAndSortLiveInTheAddress(browser));
  await step("the theme stays", () => themeStays(browser));
  await step("charts are drawn", () => chartsAreDrawn(browser));
  await step("a page reads without script", () => readsWithoutScript(browser));
  await step("every page is harmless", () => everyPageIsHarmless(browser));
  await step("pages are accessible in both themes and widths", () => isAccessible(browser));
  await step("the same pages are served live", () => isServedLive(browser));
  await browser.close();
  for (const problem of problems) console.error("problem: " + problem);
  process.exit(problems.length ? 1 : 0);
})();
