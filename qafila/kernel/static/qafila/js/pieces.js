// The small moving parts of every page: toasts, dialogs, menus, look, copied codes, clocks, tabs, wide tables.
window.qafila = (function () {
  "use strict";
  const Q = {};
  const root = document.documentElement;
  const $ = (id) => document.getElementById(id);

  Q.make = function (tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === true) made.setAttribute(name, "");
      else if (value !== false && value != null) made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  };

  Q.icon = function (name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", $("toasts").dataset.icons + "#" + name);
    svg.append(use);
    return svg;
  };

  Q.keep = function (name, value) {
    try {
      if (value) localStorage.setItem("qafila." + name, value);
      else localStorage.removeItem("qafila." + name);
    } catch {
      // Storage may be forbidden; then nothing is remembered.
    }
  };
  Q.kept = function (name) {
    try {
      return localStorage.getItem("qafila." + name) || "";
    } catch {
      return "";
    }
  };

  // ---- toasts
  const SIGNS = { success: "circle-check", info: "info-circle", warning: "alert-triangle", error: "alert-circle" };
  const STAY = { success: 5000, info: 6000, warning: 9000, error: 14000 };

  Q.toast = function (text, level = "success", undo = "") {
    const tray = $("toasts");
    if (!tray || !text) return;
    if (!SIGNS[level]) level = "info";
    const item = Q.make("div", { class: "toast-item toast-" + level, role: level === "error" ? "alert" : false });
    item.append(Q.icon(SIGNS[level]), Q.make("p", {}, text));
    const gone = () => {
      item.remove();
      if (!tray.querySelector(".toast-item") && tray.matches(":popover-open")) tray.hidePopover();
    };
    if (undo) {
      const back = Q.make("button", { type: "button", class: "undo" }, tray.dataset.undo);
      back.addEventListener("click", () => {
        gone();
        window.htmx.ajax("POST", undo, { swap: "none" });
      });
      item.append(back);
    }
    const close = Q.make("button", { type: "button", "aria-label": tray.dataset.close }, Q.icon("x"));
    close.addEventListener("click", gone);
    item.append(close);
    while (tray.querySelectorAll(".toast-item").length > 3) tray.querySelector(".toast-item").remove();
    tray.append(item);
    // Shown anew each time, so that it stands above a dialog that opened meanwhile.
    if (tray.matches(":popover-open")) tray.hidePopover();
    tray.showPopover();
    let timer = setTimeout(gone, STAY[level]);
    item.addEventListener("pointerenter", () => clearTimeout(timer));
    item.addEventListener("pointerleave", () => (timer = setTimeout(gone, 3000)));
  };

  document.addEventListener("toast", (event) => {
    const said = event.detail || {};
    Q.toast(said.text || said.value, said.level, said.undo);
  });

  function messages() {
    for (const line of document.querySelectorAll("#toasts > [data-toast]")) {
      Q.toast(line.textContent, line.dataset.toast.split(" ").pop());
      line.remove();
    }
    try {
      for (const [text, level] of JSON.parse(sessionStorage.getItem("qafila.said") || "[]")) Q.toast(text, level);
      sessionStorage.removeItem("qafila.said");
    } catch {
      // Nothing was carried over.
    }
  }

  // ---- dialogs: data-open="id" opens, data-close closes, a click beside it closes
  Q.open = function (dialog) {
    if (!dialog || dialog.open) return;
    dialog.showModal();
    const first = dialog.querySelector("[autofocus], input:not([type=hidden]), select, textarea");
    if (first) first.focus();
  };

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) {
      event.preventDefault();
      for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
      Q.open($(opener.dataset.open));
    }
    const closer = event.target.closest("[data-close]");
    if (closer && closer.closest("dialog")) closer.closest("dialog").close();
    if (event.target instanceof HTMLDialogElement && event.target.open) {
      const box = event.target.getBoundingClientRect();
      const beside =
        event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
      if (beside && event.detail && !event.target.querySelector("form.changed")) event.target.close();
    }
  });
  document.addEventListener("close-dialog", () => {
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  });

  // ---- "are you sure" with the consequence in words
  Q.ask = function (text, options = {}) {
    const dialog = $("confirm");
    const title = $("confirm-title");
    const yes = dialog.querySelector("[value=yes]");
    title.textContent = options.title || title.dataset.default;
    yes.textContent = options.yes || yes.dataset.default;
    yes.className = options.calm ? "btn btn-primary" : "btn btn-danger";
    dialog.classList.toggle("calm", Boolean(options.calm));
    $("confirm-text").textContent = text;
    dialog.returnValue = "";
    dialog.showModal();
    dialog.querySelector("[value=no]").focus();
    return new Promise((tell) => {
      dialog.addEventListener("close", () => tell(dialog.returnValue === "yes"), { once: true });
    });
  };

  // ---- menus: <details class="menu">
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      const inside = menu.contains(event.target);
      if (!inside || event.target.closest(".dropdown-item")) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest && event.target.closest("details.menu[open]");
    if (!menu) return;
    const items = [...menu.querySelectorAll(".dropdown-item:not(:disabled)")];
    const at = items.indexOf(document.activeElement);
    if (event.key === "Escape") {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = event.key === "ArrowDown" ? at + 1 : at < 0 ? items.length - 1 : at - 1;
      (items[(next + items.length) % items.length] || menu).focus();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
  // Inside a scrolling table a menu would be cut off: it then stands in the window instead.
  document.addEventListener(
    "toggle",
    (event) => {
      const menu = event.target;
      if (!(menu instanceof HTMLDetailsElement) || !menu.matches(".menu") || !menu.open) return;
      const list = menu.querySelector(".dropdown-menu");
      if (!menu.closest(".table-wrap, .table-scroll")) return;
      const at = menu.getBoundingClientRect();
      list.style.position = "fixed";
      list.style.inset = "auto";
      const up = at.bottom + list.offsetHeight > innerHeight;
      list.style.top = (up ? at.top - list.offsetHeight - 4 : at.bottom + 4) + "px";
      const side = root.dir === "rtl" ? at.left : at.right - list.offsetWidth;
      list.style.left = Math.max(8, Math.min(side, innerWidth - list.offsetWidth - 8)) + "px";
    },
    true,
  );

  // ---- look and the width of the menu
  function look() {
    const chosen = Q.kept("theme");
    if (chosen) root.setAttribute("data-bs-theme", chosen);
    else root.removeAttribute("data-bs-theme");
    for (const button of document.querySelectorAll("[data-theme]"))
      button.setAttribute("aria-pressed", String(button.dataset.theme === chosen));
  }
  document.addEventListener("click", (event) => {
    const theme = event.target.closest("button[data-theme]");
    if (theme) {
      Q.keep("theme", theme.dataset.theme);
      look();
    }
    if (event.target.closest("[data-nav-toggle]")) {
      const mini = root.getAttribute("data-nav") !== "mini";
      Q.keep("nav", mini ? "mini" : "");
      if (mini) root.setAttribute("data-nav", "mini");
      else root.removeAttribute("data-nav");
    }
    if (event.target.closest("[data-side]")) {
      const open = root.classList.toggle("side-open");
      for (const button of document.querySelectorAll("[data-side][aria-expanded]"))
        button.setAttribute("aria-expanded", String(open));
      if (open) document.querySelector("#side a")?.focus({ preventScroll: true });
    }
    if (event.target.closest("[data-back]")) history.length > 1 ? history.back() : (location.href = "/");
  });

  // ---- codes
  document.addEventListener("click", async (event) => {
    const copy = event.target.closest("[data-copy]");
    if (!copy) return;
    event.preventDefault();
    event.stopPropagation();
    try {
      await navigator.clipboard.writeText(copy.dataset.copy);
    } catch {
      const area = Q.make("textarea", { readonly: true });
      area.value = copy.dataset.copy;
      copy.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    const use = copy.querySelector("use");
    const before = use && use.getAttribute("href");
    copy.classList.add("done");
    if (use) use.setAttribute("href", before.replace(/#.*/, "#check"));
    setTimeout(() => {
      copy.classList.remove("done");
      if (use) use.setAttribute("href", before);
    }, 1400);
  });

  // ---- tabs: which one stands open is remembered per kind of page
  function choose(tab) {
    for (const other of tab.closest("[role=tablist]").querySelectorAll("[role=tab]")) {
      other.setAttribute("aria-selected", String(other === tab));
      other.tabIndex = other === tab ? 0 : -1;
    }
    const panel = $(tab.getAttribute("aria-controls"));
    if (panel) panel.setAttribute("aria-labelledby", tab.id);
  }
  function tabs() {
    for (const list of document.querySelectorAll("[data-tabs]:not([data-asked])")) {
      const wanted = Q.kept("tab." + list.dataset.tabs);
      const tab = wanted && [...list.querySelectorAll("[data-tab]")].find((t) => t.dataset.tab === wanted);
      if (!tab || tab.getAttribute("aria-selected") === "true") continue;
      choose(tab);
      $(tab.getAttribute("aria-controls"))?.setAttribute("hx-get", tab.getAttribute("hx-get"));
    }
    for (const here of document.querySelectorAll(".tabs > [aria-selected=true], .tabs > [aria-current]")) {
      const line = here.parentElement;
      line.scrollLeft = here.offsetLeft - (line.clientWidth - here.offsetWidth) / 2;
    }
  }
  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab][data-tab]");
    if (!tab || event.ctrlKey || event.metaKey) return;
    choose(tab);
    const list = tab.closest("[data-tabs]");
    if (list) Q.keep("tab." + list.dataset.tabs, tab.dataset.tab);
  });
  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest && event.target.closest("[role=tab]");
    if (!tab || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
    const all = [...tab.closest("[role=tablist]").querySelectorAll("[role=tab]")];
    const step = (event.key === "ArrowRight") === (root.dir !== "rtl") ? 1 : -1;
    all[(all.indexOf(tab) + step + all.length) % all.length].focus();
    event.preventDefault();
  });

  // ---- a table wider than its place scrolls in it
  const measured = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (!target.isConnected) measured.unobserve(target);
      else target.classList.toggle("wide", target.scrollWidth > target.clientWidth + 1);
    }
  });

  // ---- rows open where they lead
  document.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-href]");
    if (!row || event.defaultPrevented || event.target.closest("a, button, input, select, textarea, label, summary, dialog"))
      return;
    if (String(getSelection())) return;
    if (event.ctrlKey || event.metaKey) window.open(row.dataset.href, "_blank", "noopener");
    else location.href = row.dataset.href;
  });

  // An export holds what the list shows now, filters and order included.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-export]");
    if (!link) return;
    const here = new URL(location.href);
    here.searchParams.set("format", link.dataset.export);
    here.searchParams.delete("page");
    link.href = here.pathname + here.search;
  });

  // Called for the page and for every part that arrives later.
  const arrivals = [];
  Q.onArrival = (listener) => arrivals.push(listener);
  Q.arrived = function (within) {
    for (const wrap of within.querySelectorAll(".table-wrap")) measured.observe(wrap);
    for (const listener of arrivals) listener(within);
  };
  document.addEventListener("DOMContentLoaded", () => {
    tabs();
    look();
    messages();
    Q.arrived(document);
  });
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt !== document.body) Q.arrived(event.detail.elt.parentElement || event.detail.elt);
  });
  return Q;
})();
