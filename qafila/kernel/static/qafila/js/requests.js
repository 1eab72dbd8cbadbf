// What goes to the server and what comes back: CSRF, progress, one effect for one click, and refusals told in place.
(function () {
  "use strict";
  const Q = window.qafila;
  const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content || "";
  // The sentences, in the page's language.
  const words = JSON.parse(document.getElementById("words").textContent);
  Q.words = words;

  // Not form.method: a field named "method" stands in its place.
  const methodOf = (form) => (form.getAttribute("method") || "get").toLowerCase();

  // ---- every post form goes through htmx, so that a refusal keeps what was typed; data-plain opts out
  function enhance(within) {
    const forms = within.matches?.("form") ? [within] : within.querySelectorAll("form");
    for (const form of forms) {
      if (methodOf(form) !== "post" || form.matches("[data-plain], [hx-post], [hx-put], [hx-patch], [hx-delete], [hx-boost]"))
        continue;
      form.setAttribute("hx-post", form.getAttribute("action") || location.pathname + location.search);
      form.setAttribute("hx-swap", "none");
      // What is fetched inside the form (totals, rows to choose from) shows itself all the same.
      form.setAttribute("hx-disinherit", "hx-swap hx-encoding");
      form.setAttribute("data-auto", "");
      if (form.getAttribute("enctype") === "multipart/form-data") form.setAttribute("hx-encoding", "multipart/form-data");
      if (within !== document) window.htmx.process(form);
    }
  }
  Q.onArrival(enhance);

  // ---- one click, one effect
  const flying = new WeakSet();
  let busy = 0;
  let shown = 0;
  const changes = (detail) => (detail.requestConfig?.verb || detail.verb || "get") !== "get";

  function lift(elt, submitter) {
    flying.add(elt);
    const button = submitter || (elt.matches("button, .btn") ? elt : elt.querySelector?.("button:not([type=button])"));
    if (!button) return;
    const timer = setTimeout(() => button.classList.add("is-busy"), 200);
    button.setAttribute("aria-disabled", "true");
    elt.addEventListener(
      "qafila:landed",
      () => {
        clearTimeout(timer);
        button.classList.remove("is-busy");
        button.removeAttribute("aria-disabled");
      },
      { once: true },
    );
  }
  function land(elt) {
    flying.delete(elt);
    elt.dispatchEvent(new CustomEvent("qafila:landed"));
  }

  document.addEventListener("htmx:confirm", (event) => {
    const { elt, question, verb } = event.detail;
    if (verb !== "get" && flying.has(elt)) return event.preventDefault();
    if (!question) return;
    event.preventDefault();
    Q.ask(question, { title: elt.dataset.confirmTitle, yes: elt.dataset.confirmYes }).then((sure) => {
      if (sure) event.detail.issueRequest(true);
    });
  });
  document.addEventListener("htmx:configRequest", (event) => {
    const detail = event.detail;
    if (detail.verb !== "get") detail.headers["X-CSRFToken"] = meta("csrf-token");
    const action = detail.triggeringEvent?.submitter?.getAttribute("formaction");
    if (action) detail.path = action;
    if (detail.elt.matches("form.filters")) {
      // The address keeps the order one chose and holds no empty filters.
      const sort = new URLSearchParams(location.search).get("sort");
      if (sort) detail.formData.set("sort", sort);
      for (const [name, value] of [...detail.formData]) if (value === "") detail.formData.delete(name);
    }
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, requestConfig } = event.detail;
    busy += 1;
    clearTimeout(shown);
    shown = setTimeout(() => busy && document.getElementById("busy").classList.add("on"), 300);
    if (changes(event.detail)) lift(elt, requestConfig.triggeringEvent?.submitter);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    busy = Math.max(0, busy - 1);
    if (!busy) {
      clearTimeout(shown);
      document.getElementById("busy").classList.remove("on");
    }
    if (changes(event.detail)) land(event.detail.elt);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-plain]") || methodOf(form) === "dialog" || event.defaultPrevented) return;
    if (flying.has(form)) return event.preventDefault();
    if (methodOf(form) === "post") lift(form, event.submitter);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.forms) land(form);
  });

  // ---- "are you sure" before a click or a submit that has a consequence
  let sure = null;
  function guard(event) {
    const elt = event.type === "submit" ? event.target : event.target.closest("[data-confirm]");
    const asked = elt && elt.dataset && elt.dataset.confirm;
    if (!asked || (event.type === "click" && elt.matches("form"))) return;
    if (sure === elt) {
      sure = null;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    const form = elt.form || (elt.matches("form") ? elt : null);
    if (form && elt.type === "submit" && !form.noValidate && !form.reportValidity()) return;
    const options = { title: elt.dataset.confirmTitle, yes: elt.dataset.confirmYes, calm: "confirmCalm" in elt.dataset };
    const submitter = event.submitter;
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
    Q.ask(asked, options).then((yes) => {
      if (!yes) return;
      sure = elt;
      if (event.type === "submit") elt.requestSubmit(submitter || undefined);
      else elt.click();
    });
  }
  document.addEventListener("click", guard, true);
  document.addEventListener("submit", guard, true);

  // ---- refusals: the sentence as a toast, each field's reason beside the field
  const PLACES = new Set(["body", "query", "path", "form", "data", "payload", "header", "__root__"]);

  Q.nameOf = function (loc) {
    const parts = PLACES.has(loc[0]) ? loc.slice(1) : loc;
    return parts.reduce((name, part) => (typeof part === "number" ? `${name}[${part}]` : name ? `${name}.${part}` : part), "");
  };
  function fieldOf(form, loc) {
    const named = (name) =>
      [...form.elements].find((f) => f.dataset.for === name) || [...form.elements].find((f) => f.name === name);
    const exact = named(Q.nameOf(loc));
    if (exact) return exact;
    const last = loc.filter((part) => typeof part === "string" && !PLACES.has(part)).pop();
    return last && (named(last) || [...form.elements].find((f) => f.name && f.name.endsWith("." + last)));
  }
  function slotOf(field) {
    const name = field.dataset.for || field.name;
    const within = field.closest(".field, td, .form-group") || field.parentElement;
    let slot = within.querySelector(`[data-error-for="${CSS.escape(name)}"]`) || within.querySelector(".field-error");
    if (!slot) {
      slot = Q.make("div", { class: "field-error", "data-error-for": name, id: "e-" + name.replace(/\W+/g, "-") });
      (field.closest(".money-field, .typeahead, .input-group, .form-check") || field).after(slot);
      field.setAttribute("aria-describedby", ((field.getAttribute("aria-describedby") || "") + " " + slot.id).trim());
    }
    return slot;
  }
  Q.clearErrors = function (form) {
    for (const slot of form.querySelectorAll(".field-error")) slot.textContent = "";
    for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  };
  Q.showErrors = function (form, errors) {
    let first = null;
    for (const { loc, msg } of errors || []) {
      const field = fieldOf(form, loc || []);
      if (!field) continue;
      field.setAttribute("aria-invalid", "true");
      slotOf(field).textContent = msg;
      if (!first || field.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING) first = field;
    }
    if (first) {
      first.closest("details:not([open])")?.setAttribute("open", "");
      first.focus();
    }
    return Boolean(first);
  };
  function cleared(event) {
    const field = event.target;
    if (field.getAttribute?.("aria-invalid") !== "true") return;
    field.removeAttribute("aria-invalid");
    slotOf(field).textContent = "";
  }
  document.addEventListener("input", cleared);
  document.addEventListener("change", cleared);

  function problemOf(xhr) {
    if (!/problem\+json/.test(xhr.getResponseHeader("Content-Type") || "")) return null;
    try {
      return JSON.parse(xhr.responseText);
    } catch {
      return null;
    }
  }
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.detail.elt.closest("form");
    if (form && changes(event.detail)) Q.clearErrors(form);
  });
  document.addEventListener("htmx:responseError", (event) => {
    const { elt, xhr } = event.detail;
    const problem = problemOf(xhr);
    if (xhr.status === 401) {
      location.href = "/login?next=" + encodeURIComponent(location.pathname + location.search);
      return;
    }
    const form = elt.closest("form");
    const shown = form && problem && Q.showErrors(form, problem.errors);
    const where = shown ? problem.errors[0].loc.filter((part) => !PLACES.has(part)).join(".") + ": " : "";
    // The path names the field to a program; a person sees the field marked.
    const said = problem?.detail || words.fault;
    Q.toast(where && said.startsWith(where) ? said.slice(where.length) : said, "error");
    const panel = event.detail.target;
    if (panel?.querySelector(":scope > .skeleton")) panel.replaceChildren(Q.make("div", { class: "note note-red" }, problem?.detail || words.fault));
  });
  for (const name of ["htmx:sendError", "htmx:timeout"])
    document.addEventListener(name, () => Q.toast(words.unreachable, "error"));

  // ---- an ordinary form answered with a page: go there, and carry its messages along
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status < 400) event.detail.elt.closest("form")?.dispatchEvent(new CustomEvent("qafila:saved"));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, xhr, successful, pathInfo } = event.detail;
    if (!elt.matches("form[data-auto]") || !successful || xhr.status === 204 || xhr.getResponseHeader("HX-Redirect")) return;
    if (!/text\/html/.test(xhr.getResponseHeader("Content-Type") || "")) return;
    const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
    const said = [...page.querySelectorAll("#toasts > [data-toast]")].map((p) => [p.textContent, p.dataset.toast]);
    const there = new URL(xhr.responseURL, location.href);
    const asked = new URL(pathInfo?.finalRequestPath || elt.getAttribute("hx-post"), location.href);
    if (there.href !== asked.href) {
      try {
        sessionStorage.setItem("qafila.said", JSON.stringify(said));
      } catch {
        // The page says it without the toast.
      }
      location.assign(there.href);
      return;
    }
    const main = page.querySelector("main");
    if (!main) return;
    document.querySelector("main").replaceWith(main);
    window.htmx.process(main);
    for (const [text, level] of said) Q.toast(text, level);
    main.querySelector("[aria-invalid]")?.focus();
  });
})();
