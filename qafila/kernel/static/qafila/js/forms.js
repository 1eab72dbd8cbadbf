// Forms that know when they changed, grids one pastes into, rows that come and go, files dropped in.
(function () {
  "use strict";
  const Q = window.qafila;

  // ---- changed or not: data-dirty shows its Save, data-leave warns before leaving
  const first = new WeakMap();
  const state = (form) =>
    [...new FormData(form)]
      .filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "idempotency_key")
      .map(([name, value]) => name + "=" + (value instanceof File ? value.name + value.size : value))
      .join("&");
  Q.settle = function (form) {
    first.set(form, state(form));
    form.classList.remove("changed");
  };
  function watch(within) {
    const forms = within.matches?.("form[data-dirty], form[data-leave]")
      ? [within]
      : within.querySelectorAll("form[data-dirty], form[data-leave]");
    for (const form of forms) if (!first.has(form)) Q.settle(form);
  }
  Q.onArrival(watch);
  function compare(event) {
    const form = event.target.form || event.target.closest?.("form");
    if (form && first.has(form)) form.classList.toggle("changed", state(form) !== first.get(form));
  }
  document.addEventListener("input", compare);
  document.addEventListener("change", compare);
  document.addEventListener("reset", (event) => setTimeout(() => compare(event)));
  document.addEventListener("qafila:saved", (event) => Q.settle(event.target), true);
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-plain]") && !event.defaultPrevented) event.target.classList.remove("changed");
  });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-leave].changed, form[data-dirty].changed")) event.preventDefault();
  });
  // A tab is left without the browser noticing: ask for it.
  document.addEventListener(
    "click",
    (event) => {
      const tab = event.target.closest("[role=tab][data-tab]");
      const panel = tab && document.getElementById(tab.getAttribute("aria-controls"));
      if (!panel?.querySelector("form.changed")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      Q.ask(Q.words.leave, { title: Q.words.leaveTitle, yes: Q.words.leaveYes }).then((yes) => {
        if (!yes) return;
        for (const form of panel.querySelectorAll("form.changed")) form.classList.remove("changed");
        tab.click();
      });
    },
    true,
  );

  // ---- data-keep="url": what is typed is kept by an element that posts it after a pause; leaving sooner keeps it too
  let typed = 0;
  let kept = 0;
  const keeper = () => document.querySelector("form[data-keep]");
  for (const name of ["input", "change"])
    document.addEventListener(name, (event) => {
      if (event.target.closest?.("form[data-keep]")) typed += 1;
    });
  let leaving = false;
  document.addEventListener("htmx:beforeRequest", (event) => {
    // What was decided last (synced, discarded) is not overwritten by a keeping that still waited.
    if (leaving && event.detail.elt.matches("[data-keeper]")) event.preventDefault();
    event.detail.xhr.typed = typed;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, xhr, requestConfig } = event.detail;
    const done = xhr.status >= 200 && xhr.status < 300; // detail.successful is not told of a redirect
    leaving ||= done && Boolean(xhr.getResponseHeader("HX-Redirect"));
    if (done && requestConfig.verb === "post" && !elt.matches("[data-keeps-nothing]")) kept = Math.max(kept, xhr.typed);
  });
  window.addEventListener("pagehide", () => {
    const form = keeper();
    if (!form || typed <= kept) return;
    const said = new URLSearchParams(new FormData(form));
    navigator.sendBeacon(form.dataset.keep, said);
    sessionStorage.setItem("qafila.unkept", form.dataset.keep + "\n" + said);
  });
  // A page that was loaded anew was made before the last words arrived: they are handed in, and it is made again.
  document.addEventListener("DOMContentLoaded", () => {
    const [url, said] = (sessionStorage.getItem("qafila.unkept") || "\n").split("\n");
    sessionStorage.removeItem("qafila.unkept");
    if (!url || url !== keeper()?.dataset.keep) return;
    const headers = { "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content };
    fetch(url, { method: "POST", body: said, headers, credentials: "same-origin" }).then((answer) => answer.ok && location.reload());
  });

  // ---- what people type: amounts with their commas, codes in capitals
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.matches("input[data-money]")) field.value = field.value.replace(/[\s,\u00a0]/g, "");
    if (field.matches("input.upper")) field.value = field.value.toUpperCase();
  });

  // ---- paste from a spreadsheet
  function cells(text) {
    const rows = [[]];
    let cell = "";
    let quoted = false;
    for (let i = 0; i < text.length; i += 1) {
      const c = text[i];
      if (quoted) {
        if (c === '"' && text[i + 1] === '"') (cell += '"'), (i += 1);
        else if (c === '"') quoted = false;
        else cell += c;
      } else if (c === '"' && cell === "") quoted = true;
      else if (c === "\t") rows.at(-1).push(cell), (cell = "");
      else if (c === "\n") rows.at(-1).push(cell), (cell = ""), rows.push([]);
      else if (c !== "\r") cell += c;
    }
    rows.at(-1).push(cell);
    if (rows.at(-1).every((value) => value === "")) rows.pop();
    return rows;
  }
  Q.cells = cells;

  const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
  // Spreadsheets here write day first; an ISO date passes as it is.
  function isoDate(text) {
    let m = text.match(/^(\d{4})-(\d{1,2})-(\d{1,2})/);
    if (m) return [m[1], m[2].padStart(2, "0"), m[3].padStart(2, "0")].join("-");
    m = text.match(/^(\d{1,2})[/.\- ](\d{1,2}|[a-z]{3,})[/.\- ](\d{4})$/i);
    if (!m) return "";
    const month = /\d/.test(m[2]) ? Number(m[2]) : MONTHS.indexOf(m[2].slice(0, 3).toLowerCase()) + 1;
    return month >= 1 && month <= 12 ? [m[3], String(month).padStart(2, "0"), m[1].padStart(2, "0")].join("-") : "";
  }
  Q.isoDate = isoDate;

  function put(field, text) {
    const value = text.trim();
    if (field.matches("select")) {
      const wanted = value.toLowerCase();
      const option = [...field.options].find((o) => o.value.toLowerCase() === wanted || o.text.trim().toLowerCase() === wanted);
      if (option) field.value = option.value;
    } else if (field.type === "checkbox") {
      field.checked = /^(1|y|yes|true|x|✓)$/i.test(value);
    } else if (field.type === "date") {
      field.value = isoDate(value);
    } else if (field.matches("[data-money], [inputmode=decimal], [type=number]")) {
      field.value = value.replace(/[^\d.\-]/g, "");
    } else {
      field.value = value;
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const inputs = (row) =>
    [...row.querySelectorAll("input, select, textarea")].filter((f) => f.type !== "hidden" && !f.disabled && !f.readOnly);

  // ---- rows: data-add-row="id of the tbody", data-remove-row inside a row
  function renumber(body) {
    [...body.rows].forEach((row, n) => {
      for (const elt of row.querySelectorAll("[name], [id], [for], [data-error-for], [data-for], [aria-describedby], [aria-controls]"))
        for (const attribute of ["name", "data-for", "data-error-for"])
          if (elt.hasAttribute(attribute)) elt.setAttribute(attribute, elt.getAttribute(attribute).replace(/\[\d+\]/, `[${n}]`));
      const number = row.querySelector("[data-row-number]");
      if (number) number.textContent = n + 1;
    });
  }
  Q.addRow = function (body) {
    const row = body.rows[body.rows.length - 1].cloneNode(true);
    const n = body.rows.length;
    for (const field of row.querySelectorAll("input, select, textarea")) {
      if (field.type === "checkbox" || field.type === "radio") field.checked = field.defaultChecked;
      else if (field.matches("select[data-blank]")) field.selectedIndex = 0;
      else if (field.matches("select")) field.selectedIndex = Math.max(0, [...field.options].findIndex((o) => o.defaultSelected));
      else if (!field.matches("[data-keep]")) field.value = "";
      field.removeAttribute("aria-invalid");
    }
    for (const elt of row.querySelectorAll("[id]")) elt.id += "-" + n;
    for (const attribute of ["for", "aria-describedby", "aria-controls"])
      for (const elt of row.querySelectorAll(`[${attribute}]`))
        elt.setAttribute(attribute, elt.getAttribute(attribute).split(" ").map((id) => id + "-" + n).join(" "));
    for (const slot of row.querySelectorAll(".field-error")) slot.textContent = "";
    body.append(row);
    renumber(body);
    Q.arrived(row);
    return row;
  };
  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add-row]");
    if (add) inputs(Q.addRow(document.getElementById(add.dataset.addRow)))[0]?.focus();
    const remove = event.target.closest("[data-remove-row]");
    if (!remove) return;
    const row = remove.closest("tr");
    const body = row.parentElement;
    const form = remove.closest("form");
    if (body.rows.length === 1) for (const field of inputs(row)) put(field, "");
    else row.remove();
    renumber(body);
    if (form) form.dispatchEvent(new Event("input", { bubbles: true }));
  });

  document.addEventListener("paste", (event) => {
    const grid = event.target.closest?.("[data-paste-grid]");
    const text = event.clipboardData?.getData("text/plain") || "";
    if (!grid || !/[\t\n]/.test(text.trimEnd())) return;
    event.preventDefault();
    const body = grid.tBodies?.[0] || grid;
    let row = event.target.closest("tr");
    const column = inputs(row).indexOf(event.target);
    for (const values of cells(text)) {
      if (!row) row = Q.addRow(body);
      const fields = inputs(row);
      values.forEach((value, n) => fields[column + n] && put(fields[column + n], value));
      row = row.nextElementSibling;
    }
  });
  // Arrows and Enter walk a grid as in a spreadsheet.
  document.addEventListener("keydown", (event) => {
    const grid = event.target.closest?.("[data-paste-grid]");
    if (!grid || event.target.matches("select, textarea, [role=combobox]") || event.ctrlKey || event.metaKey || event.altKey) return;
    const down = event.key === "ArrowDown" || event.key === "Enter";
    if (!down && event.key !== "ArrowUp") return;
    const row = event.target.closest("tr");
    const next = down ? row.nextElementSibling : row.previousElementSibling;
    const target = next && inputs(next)[inputs(row).indexOf(event.target)];
    if (target) target.focus();
    if (target || event.key === "Enter") event.preventDefault();
  });

  // ---- files: the drop zone says what was chosen
  for (const name of ["dragover", "dragleave", "drop"])
    document.addEventListener(name, (event) => {
      const zone = event.target.closest?.(".drop");
      if (!zone) return;
      event.preventDefault();
      zone.classList.toggle("over", name === "dragover");
      const input = zone.querySelector("input[type=file]");
      if (name === "drop" && input && event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  document.addEventListener("change", (event) => {
    const said = event.target.closest?.(".drop")?.querySelector("[data-chosen]");
    if (said && event.target.files) said.textContent = [...event.target.files].map((f) => f.name).join(", ");
  });
})();
