// What mail programs make of pages: caniemail's data over each page of {modules, pages: [html], clients: [glob]}.
// Prints, for each page, [{feature, client, support}], support being "none" or "partly".
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const job = JSON.parse(readFileSync(0, "utf8"));
const require = createRequire(`${job.modules}/package.json`);
const { caniemail } = await import(pathToFileURL(require.resolve("caniemail")));

const found = job.pages.map((html) => {
  const { issues } = caniemail({ clients: job.clients, html });
  return [...listed(issues.errors, "none"), ...listed(issues.warnings, "partly")];
});
process.stdout.write(JSON.stringify(found));

function listed(map, support) {
  return [...map].flatMap(([client, list]) => list.map(({ title, notes }) => ({ client, feature: title, support, notes })));
}
