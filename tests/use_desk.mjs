// Uses the desk as a person without JavaScript does, by its names for things, and tells what each step led to. The job
// is described in tests/integration/desk/test_desk_in_browser.py, which starts this.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const job = JSON.parse(readFileSync(0, "utf8"));
const require = createRequire(`${job.modules}/package.json`);
const { chromium } = require("playwright-core");
const browser = await chromium.launch({ executablePath: job.chromium, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 800 } });
const tab = await context.newPage();
tab.setDefaultTimeout(20_000);
const told = [];

// Each press and each link leads to a page; what it says is read when it is there.
const led = (element) => Promise.all([tab.waitForNavigation(), element.first().click()]);
const press = (name, exact = false) => led(tab.getByRole("button", { name, exact }));
const follow = (name) => led(tab.getByRole("link", { name, exact: true }));
const tell = async (step) => {
  const said = await tab.locator("main .said").allInnerTexts();
  told.push({ step, path: new URL(tab.url()).pathname, said: said.join(" "), heading: await tab.locator("h1").first().innerText() });
};

await tab.goto(job.link);
await press("Log in");
await tell("log in");
await tab.keyboard.press("Tab");
await tab.keyboard.press("Enter");
told.push({ step: "skip", path: new URL(tab.url()).hash, said: "", heading: "" });
await press(/^yes:/);
await tell("label");
await follow("Readers");
await follow("Add a reader");
await tab.getByLabel("Mail address").fill("new@news.example");
await tab.getByLabel("Every hour").check();
await press("Add", true);
await tell("add a reader");
await follow("The digest as it would go now");
await tell("preview");
await tab.goBack();
await tab.getByLabel("No mail until").fill(job.pause);
await press("Save");
await tell("pause");
await press("Send mail again");
await tell("resume");
await tab.locator("summary", { hasText: "Forget this reader" }).click();
await tab.getByLabel("Yes, forget them").check();
await press("Forget this reader");
await tell("forget");
await follow("Feeds");
await follow("Add a feed");
await tab.getByLabel("Address of a feed, or of a site").fill(job.site);
await press("Look there");
await tab.getByRole("button", { name: "Watch it" }).waitFor(); // the page asks again by itself
await tell("found");
await press("Watch it");
await tell("watch");
await press(/^Pause:/);
await tell("pause the feed");
await led(tab.locator("a.me"));
await press("Log out here");
await tell("log out");
await tab.goto(new URL("/desk/readers", job.link).href);
await tell("come back");
await browser.close();
process.stdout.write(JSON.stringify(told));
