// Opens pages in headless Chromium and reports what each of them did. Job and report are described in
// tests/browser.py, which starts this. Nothing is loaded but the pages themselves (and, for a page that was given
// by its URL, what comes from the same origin): every other request is reported and refused.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const job = JSON.parse(readFileSync(0, "utf8"));
const require = createRequire(`${job.modules}/package.json`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const NOWHERE = "http://127.0.0.1:9"; // should a request get past the route below: the discard port

const browser = await chromium.launch({
  executablePath: job.chromium,
  args: ["--no-sandbox", "--disable-dev-shm-usage", `--proxy-server=${NOWHERE}`, "--proxy-bypass-list=127.0.0.1"],
});
const blank = { html: "<!DOCTYPE html><title></title>", url: null, width: 360, height: 640, dark: false };
const ownScripts = new Set((await open({ ...blank, audit: false, picture: null })).scripts.map((one) => one.hash));
const waiting = [...job.pages.entries()];
const reports = [];
await Promise.all(Array.from({ length: job.tabs }, work));
await browser.close();
process.stdout.write(JSON.stringify(reports));

async function work() {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const report = await open(next[1]);
    const scripts = report.scripts.filter((one) => !ownScripts.has(one.hash)).map((one) => one.where);
    reports[next[0]] = { ...report, scripts };
  }
}

async function open(page) {
  const context = await browser.newContext({
    viewport: { width: page.width, height: page.height },
    colorScheme: page.dark ? "dark" : "light",
    serviceWorkers: "block",
  });
  if (page.cookie) {
    const [name, value] = page.cookie.split("=");
    await context.addCookies([{ name, value, url: page.url }]);
  }
  const tab = await context.newPage();
  const seen = { requests: [], scripts: [], dialogs: [] };
  const address = page.url ?? "http://page.test/";
  await context.route("**/*", (route) => answer(route, page, address, seen));
  tab.on("dialog", (dialog) => {
    seen.dialogs.push(dialog.message().slice(0, 200));
    dialog.dismiss().catch(() => {});
  });
  context.on("page", (other) => seen.requests.push(`window ${other.url()}`));
  const debug = await context.newCDPSession(tab);
  debug.on("Debugger.scriptParsed", ({ hash, url, startLine, startColumn }) =>
    seen.scripts.push({ hash, where: `${url || "evaluated"} ${startLine + 1}:${startColumn + 1}` }),
  );
  await debug.send("Debugger.enable"); // tells of each script that the browser compiles, handlers among them
  const response = await tab.goto(address, { waitUntil: "load", timeout: 30_000 });
  await tab.evaluate(stir);
  await debug.send("Debugger.disable");
  const found = await tab.evaluate(measure);
  const violations = page.audit ? await audit(tab) : [];
  if (page.picture) await tab.screenshot({ path: page.picture, fullPage: page.wholePicture });
  await context.close();
  return { ...seen, ...found, status: response ? response.status() : 0, violations };
}

function answer(route, page, address, seen) {
  const url = route.request().url();
  if (page.html !== null && url === address) {
    return route.fulfill({ contentType: "text/html; charset=utf-8", body: page.html });
  }
  if (page.url !== null && new URL(url).origin === new URL(address).origin) return route.continue();
  seen.requests.push(url.slice(0, 200));
  return route.abort();
}

/** What a reader's mouse and keyboard would set off, on every element; then one turn for what was set off. */
async function stir() {
  const kinds = ["mouseover", "mouseenter", "mousemove", "focus", "focusin", "click", "keydown", "animationend", "toggle"];
  document.addEventListener("click", (event) => event.preventDefault(), true);
  for (const element of document.querySelectorAll("*")) {
    for (const kind of kinds) element.dispatchEvent(new Event(kind, { bubbles: kind !== "focus", cancelable: true }));
  }
  await new Promise((done) => setTimeout(done, 0));
}

function measure() {
  const elements = [...document.querySelectorAll("*")];
  return {
    title: document.title,
    text: document.body.innerText,
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    links: elements.filter((one) => one.hasAttribute("href")).map((one) => one.getAttribute("href")),
    handlers: elements.flatMap((one) => one.getAttributeNames().filter((name) => /^on/i.test(name))),
  };
}

async function audit(tab) {
  await tab.evaluate(axe);
  const { violations } = await tab.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map(({ id, impact, nodes }) => ({
    rule: id,
    impact,
    where: nodes.slice(0, 5).map((node) => `${node.target.join(" ")}: ${node.any[0]?.message ?? node.html}`),
  }));
}
