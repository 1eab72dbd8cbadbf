// Builds the vendored assets: node build.mjs <project root>. Run through tools/vendor.sh, which installs the packages.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { transform } from "lightningcss";
import postcss from "postcss";
import selectorParser from "postcss-selector-parser";

const here = dirname(fileURLToPath(import.meta.url));
const root = process.argv[2];
const out = join(root, "qafila/kernel/static/qafila/vendor");
const pkg = (...path) => join(here, "node_modules", ...path);
const read = (path) => readFileSync(path, "utf8");
const lines = (name) => read(join(here, name)).split("\n").map((l) => l.trim()).filter((l) => l && !l.startsWith("#"));

const TONES = "primary|secondary|success|info|warning|danger|red|green|blue|azure|yellow|orange|purple|teal|muted";
const wanted = lines("classes.txt").map(
  (l) => new RegExp(`^(?:${l.replaceAll("{bp}", "(?:sm|md|lg|xl)-").replaceAll("{tone}", `(?:${TONES})`)})$`),
);

function* walk(dir, ext) {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) yield* walk(path, ext);
    else if (ext.test(entry.name)) yield path;
  }
}

// Every word inside a class attribute of a template, and every word of our own script.
const used = new Set();
for (const path of walk(join(root, "qafila"), /\.html$/))
  for (const [, , value] of read(path).matchAll(/class=(["'])(.*?)\1/gs))
    for (const word of value.split(/[\s"'{}%|]+/)) used.add(word);

const keeps = (name) => used.has(name) || wanted.some((re) => re.test(name));

// Themes of Tabler's own demo that we do not offer: nested themes and coloured navigation bars.
const FOREIGN = /data-bs-navbar-theme|body\[data-bs-theme|\.theme-dark|data-bs-theme-(base|font|radius|primary)|\[data-theme=/;

function survives(selector) {
  if (FOREIGN.test(selector)) return false;
  let ok = true;
  selectorParser((tree) => {
    tree.walkClasses((node) => {
      for (let up = node.parent; up; up = up.parent)
        if (up.type === "pseudo" && up.value === ":not") return;
      if (!keeps(node.value)) ok = false;
    });
  }).processSync(selector);
  return ok;
}

function purge(css) {
  const tree = postcss.parse(css);
  tree.walkRules((rule) => {
    if (rule.parent.type === "atrule" && /keyframes/.test(rule.parent.name)) return;
    rule.selectors = rule.selectors.filter(survives);
    if (!rule.selectors.length || rule.selectors.join("") === "") rule.remove();
  });
  tree.walkComments((c) => c.remove());
  // A variable nobody reads is dropped, again and again, because dropping one may free another.
  const ours = [...walk(join(root, "qafila/kernel/static/qafila"), /^(?!tabler).*\.css$/)].map(read).join("");
  for (;;) {
    const reads = new Set([...`${tree.toString()}${ours}`.matchAll(/var\(\s*(--[\w-]+)/g)].map((m) => m[1]));
    let dropped = 0;
    tree.walkDecls(/^--/, (decl) => {
      if (!reads.has(decl.prop)) dropped += Boolean(decl.remove());
    });
    if (!dropped) break;
  }
  const frames = new Set([...tree.toString().matchAll(/animation(?:-name)?:[^;}]+/g)].flatMap((m) => m[0].split(/[\s:,]+/)));
  tree.walkAtRules((at) => {
    if (/keyframes/.test(at.name) && !frames.has(at.params)) at.remove();
    if (at.name === "charset") at.remove();
  });
  for (let again = true; again; ) {
    again = false;
    tree.walk((node) => {
      if ((node.type === "rule" || (node.type === "atrule" && node.nodes)) && node.nodes.length === 0) {
        node.remove();
        again = true;
      }
    });
  }
  return tree.toString();
}

const minify = (css, filename) => transform({ filename, code: Buffer.from(css), minify: true }).code;

const licence = (name, path) => copyFileSync(pkg(path), join(out, "licences", `${name}.txt`));
// Two packages name their licence without carrying its text.
const mit = (name, owner) =>
  writeFileSync(join(out, "licences", `${name}.txt`), `MIT License\n\nCopyright (c) ${owner}\n${read(join(here, "mit.txt"))}`);

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "licences"), { recursive: true });
mkdirSync(join(out, "fonts"), { recursive: true });

const banner = (name) => `/*! Tabler Core ${JSON.parse(read(pkg("@tabler/core/package.json"))).version}, MIT, purged: licences/${name}.txt */\n`;
for (const [from, to] of [["tabler.css", "tabler.css"], ["tabler.rtl.css", "tabler.rtl.css"]]) {
  const css = purge(read(pkg("@tabler/core/dist/css", from)));
  writeFileSync(join(out, to), banner("tabler") + minify(css, to).toString());
}

writeFileSync(join(out, "htmx.js"), read(pkg("htmx.org/dist/htmx.min.js")));
writeFileSync(join(out, "alpine.csp.js"), read(pkg("@alpinejs/csp/dist/cdn.min.js")));

const inter = "@fontsource-variable/inter/files";
copyFileSync(pkg(inter, "inter-latin-wght-normal.woff2"), join(out, "fonts/inter-latin.woff2"));
copyFileSync(pkg(inter, "inter-latin-ext-wght-normal.woff2"), join(out, "fonts/inter-latin-ext.woff2"));
copyFileSync(
  pkg("@fontsource-variable/noto-naskh-arabic/files/noto-naskh-arabic-arabic-wght-normal.woff2"),
  join(out, "fonts/noto-naskh-arabic.woff2"),
);
copyFileSync(
  pkg("@fontsource-variable/noto-nastaliq-urdu/files/noto-nastaliq-urdu-arabic-wght-normal.woff2"),
  join(out, "fonts/noto-nastaliq-urdu.woff2"),
);

const symbols = lines("icons.txt").map((line) => {
  const [name, source = name] = line.split("=");
  const svg = read(source === "own" ? join(here, "own", `${name}.svg`) : pkg("@tabler/icons/icons/outline", `${source}.svg`));
  const body = svg.match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1].replace(/<path stroke="none"[^>]*\/>/, "").replace(/\s+/g, " ");
  return `<symbol id="${name}" viewBox="0 0 24 24">${body.replaceAll("> <", "><").replaceAll(" />", "/>").trim()}</symbol>`;
});
writeFileSync(
  join(out, "icons.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg"><!-- Tabler Icons, MIT: licences/tabler-icons.txt -->${symbols.join("")}</svg>\n`,
);

mit("tabler", "2018-2026 The Tabler Authors, codecalm.net Paweł Kuna");
mit("alpine", "2019-2021 Caleb Porzio and contributors");
licence("tabler-icons", "@tabler/icons/LICENSE");
licence("htmx", "htmx.org/LICENSE");
licence("inter", "@fontsource-variable/inter/LICENSE");
licence("noto-naskh-arabic", "@fontsource-variable/noto-naskh-arabic/LICENSE");
licence("noto-nastaliq-urdu", "@fontsource-variable/noto-nastaliq-urdu/LICENSE");

const version = (name) => JSON.parse(read(pkg(name, "package.json"))).version;
const size = (name) => {
  const bytes = readFileSync(join(out, name));
  const zipped = name.endsWith(".woff2") ? bytes.length : gzipSync(bytes, { level: 9 }).length;
  return `${(zipped / 1024).toFixed(1)} KB`;
};
const rows = [
  ["tabler.css", "@tabler/core", "MIT", "tabler", "purged to `tools/vendor/classes.txt` and the classes our templates use"],
  ["tabler.rtl.css", "@tabler/core", "MIT", "tabler", "the same for right-to-left pages"],
  ["htmx.js", "htmx.org", "0BSD", "htmx", "unchanged"],
  ["alpine.csp.js", "@alpinejs/csp", "MIT", "alpine", "unchanged; the build that needs no unsafe-eval"],
  ["icons.svg", "@tabler/icons", "MIT", "tabler-icons", "one sprite of the icons in `tools/vendor/icons.txt`"],
  ["fonts/inter-latin.woff2", "@fontsource-variable/inter", "OFL-1.1", "inter", "weights 100-900"],
  ["fonts/inter-latin-ext.woff2", "@fontsource-variable/inter", "OFL-1.1", "inter", "fetched only when a page has such letters"],
  ["fonts/noto-naskh-arabic.woff2", "@fontsource-variable/noto-naskh-arabic", "OFL-1.1", "noto-naskh-arabic", "fetched only when a page has Arabic letters"],
  ["fonts/noto-nastaliq-urdu.woff2", "@fontsource-variable/noto-nastaliq-urdu", "OFL-1.1", "noto-nastaliq-urdu", "fetched only for text marked `lang=\"ur\"`"],
];
writeFileSync(
  join(out, "VENDORED.md"),
  `# Vendored assets

Made by \`tools/vendor.sh\` from npm packages; do not edit by hand. Sizes are gzip -9 (fonts: as they are).

| File | Package | Version | Licence | Size | |
|---|---|---|---|---|---|
${rows.map(([f, p, l, t, n]) => `| ${f} | ${p} | ${version(p)} | [${l}](licences/${t}.txt) | ${size(f)} | ${n} |`).join("\n")}
`,
);
for (const [file] of rows) console.log(file.padEnd(34), size(file), statSync(join(out, file)).size);
