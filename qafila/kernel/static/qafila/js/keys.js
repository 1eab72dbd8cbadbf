// The keyboard: Ctrl+K search, / filter, ? keys, Ctrl+S save, J K and arrows along rows, [ ] along tabs.
(function () {
  "use strict";
  const Q = window.qafila;
  const typing = (elt) => elt.matches?.("input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]");
  const open = () => [...document.querySelectorAll("dialog[open]")].pop();

  // ---- rows
  const rows = () =>
    [...(open() || document).querySelectorAll("[data-rows] > tbody > tr")].filter((row) => row.offsetParent !== null);
  function along(step) {
    const all = rows();
    if (!all.length) return false;
    const at = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step))];
    const target = next.querySelector("a[href], button") || next;
    if (target === next) next.tabIndex = -1;
    target.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  function save() {
    const form = document.activeElement?.closest?.("form[method=post], form[hx-post], form[hx-patch]");
    const here = open() || document.getElementById("main") || document;
    const target = form || here.querySelector("form.changed") || here.querySelector("form[method=post], form[hx-post], form[hx-patch]");
    target?.requestSubmit(target.querySelector("button:not([type=button])") || undefined);
    return Boolean(target);
  }

  const PLAIN = {
    "/": () => {
      const filter = document.querySelector("[data-filter]");
      filter?.focus();
      filter?.select();
      return Boolean(filter);
    },
    "?": () => (Q.open(document.getElementById("help")), true),
    j: () => along(1),
    k: () => along(-1),
    ArrowDown: () => along(1),
    ArrowUp: () => along(-1),
    "]": () => tab(1),
    "[": () => tab(-1),
    Enter: () => {
      const row = document.activeElement?.closest?.("tr[data-href]");
      if (row && document.activeElement === row) location.href = row.dataset.href;
      return Boolean(row && document.activeElement === row);
    },
  };
  function tab(step) {
    const all = [...document.querySelectorAll("[role=tab]")];
    const at = all.findIndex((t) => t.getAttribute("aria-selected") === "true");
    const next = all[at + step];
    next?.focus();
    next?.click();
    return Boolean(next);
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return;
    const strong = event.ctrlKey || event.metaKey;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (strong && !event.altKey && !event.shiftKey && key === "k" && document.getElementById("search")) {
      event.preventDefault();
      if (!open()) Q.open(document.getElementById("search"));
      return;
    }
    if (strong && !event.altKey && !event.shiftKey && key === "s") {
      event.preventDefault();
      save();
      return;
    }
    if (event.key === "Escape" && document.documentElement.classList.contains("side-open")) {
      document.querySelector(".side-scrim")?.click();
      return;
    }
    if (strong || event.altKey) return;
    const filtering = event.target.matches?.("[data-filter]");
    if (filtering && event.key === "ArrowDown" && along(1)) return event.preventDefault();
    if (filtering && event.key === "Escape") return event.target.blur();
    if (typing(event.target) || event.target.closest?.("[role=tablist], details[open], [role=listbox]")) return;
    if (open() && !["j", "k", "ArrowDown", "ArrowUp", "Enter"].includes(key)) return;
    // The page itself scrolls with the arrows until a row was reached.
    if (key.startsWith("Arrow") && !document.activeElement.closest?.("[data-rows]")) return;
    const act = PLAIN[key];
    if (act && act()) event.preventDefault();
  });

  // ---- the search box
  const dialog = document.getElementById("search");
  if (!dialog) return;
  const input = dialog.querySelector("input");
  const hits = document.getElementById("search-hits");
  const start = [...hits.childNodes];
  let asking = null;
  let timer = 0;

  function draw(items, q) {
    if (!items.length) return hits.replaceChildren(Q.make("p", { class: "quiet mb-0" }, `${dialog.dataset.empty} “${q}”`));
    const list = Q.make("ul", { role: "listbox" });
    items.forEach((item, n) => {
      const text = Q.make("span", {}, item.title);
      if (item.sub) text.append(Q.make("small", {}, item.sub));
      const link = Q.make("a", { href: item.url, role: "option", id: "hit-" + n, "aria-selected": String(n === 0) });
      link.append(Q.icon(item.icon || "arrow-right"), text);
      list.append(Q.make("li", { role: "none" }, link));
    });
    hits.replaceChildren(list);
    input.setAttribute("aria-activedescendant", "hit-0");
  }
  async function ask() {
    const q = input.value.trim();
    asking?.abort();
    if (q.length < 2) return hits.replaceChildren(...start);
    asking = new AbortController();
    try {
      const answer = await fetch(dialog.dataset.url + "?q=" + encodeURIComponent(q), {
        headers: { Accept: "application/json" }, signal: asking.signal, credentials: "same-origin",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      draw(await answer.json(), q);
    } catch (error) {
      if (error.name !== "AbortError") hits.replaceChildren(Q.make("p", { class: "quiet mb-0" }, dialog.dataset.failed));
    }
  }
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 140);
  });
  input.addEventListener("keydown", (event) => {
    const links = [...hits.querySelectorAll("a")];
    const at = links.findIndex((a) => a.getAttribute("aria-selected") === "true");
    if (event.key === "Enter") {
      event.preventDefault();
      if (links[at]) location.href = links[at].href;
      return;
    }
    if (event.key === "Escape") {
      // A search field would first empty itself; here one press closes.
      event.preventDefault();
      dialog.close();
      return;
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    if (!links.length) return;
    const next = (at + (event.key === "ArrowDown" ? 1 : -1) + links.length) % links.length;
    links.forEach((a, n) => a.setAttribute("aria-selected", String(n === next)));
    links[next].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", links[next].id);
  });
  dialog.addEventListener("close", () => {
    asking?.abort();
    input.value = "";
    hits.replaceChildren(...start);
  });
})();
