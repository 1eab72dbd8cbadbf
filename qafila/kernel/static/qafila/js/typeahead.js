// A choice found by typing: data-typeahead="/path?q=" answers [{id, label, sub}]; the id goes into the hidden field.
(function () {
  "use strict";
  const Q = window.qafila;
  const boxes = new WeakMap();

  function boxOf(input) {
    const wrap = input.closest("[data-typeahead]");
    if (!wrap) return null;
    if (!boxes.has(wrap)) {
      boxes.set(wrap, {
        wrap, input, hidden: wrap.querySelector("input[type=hidden]"), list: wrap.querySelector("[role=listbox]"),
        items: [], at: -1, asking: null, timer: 0, chosen: input.value,
      });
    }
    return boxes.get(wrap);
  }
  function shut(box) {
    box.list.hidden = true;
    box.at = -1;
    box.input.setAttribute("aria-expanded", "false");
    box.input.removeAttribute("aria-activedescendant");
  }
  function mark(box, at) {
    box.at = at;
    [...box.list.children].forEach((li, n) => li.setAttribute("aria-selected", String(n === at)));
    const here = box.list.children[at];
    if (!here) return;
    here.scrollIntoView({ block: "nearest" });
    box.input.setAttribute("aria-activedescendant", here.id);
  }
  function draw(box) {
    box.list.replaceChildren(
      ...box.items.map((item, n) => {
        const li = Q.make("li", { role: "option", id: `${box.list.id}-${n}`, "aria-selected": "false" }, item.label);
        if (item.sub) li.append(Q.make("small", {}, item.sub));
        return li;
      }),
    );
    if (!box.items.length) box.list.append(Q.make("li", { class: "quiet", "aria-disabled": "true" }, box.list.dataset.none));
    box.list.hidden = false;
    box.input.setAttribute("aria-expanded", "true");
    mark(box, box.items.length ? 0 : -1);
  }
  function take(box, item) {
    box.hidden.value = item ? item.id : "";
    box.input.value = item ? item.label : box.input.value;
    box.chosen = item ? item.label : "";
    box.input.setCustomValidity("");
    shut(box);
    box.hidden.dispatchEvent(new Event("change", { bubbles: true }));
    box.input.dispatchEvent(new Event("change", { bubbles: true }));
    box.wrap.dispatchEvent(new CustomEvent("typeahead:chosen", { bubbles: true, detail: item }));
  }
  async function ask(box) {
    box.asking?.abort();
    box.asking = new AbortController();
    try {
      const answer = await fetch(box.wrap.dataset.typeahead + encodeURIComponent(box.input.value.trim()), {
        headers: { Accept: "application/json" }, signal: box.asking.signal, credentials: "same-origin",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const body = await answer.json();
      box.items = Array.isArray(body) ? body : body.items || [];
      if (document.activeElement === box.input) draw(box);
    } catch (error) {
      if (error.name !== "AbortError") Q.toast(Q.words.unreachable, "error");
    }
  }

  const combo = (event) => event.target.matches?.("[data-typeahead] [role=combobox]") && boxOf(event.target);
  document.addEventListener("input", (event) => {
    const box = combo(event);
    if (!box) return;
    if (box.hidden.value) {
      box.hidden.value = "";
      box.hidden.dispatchEvent(new Event("change", { bubbles: true }));
    }
    clearTimeout(box.timer);
    if (box.input.value.trim()) box.timer = setTimeout(() => ask(box), 160);
    else shut(box);
  });
  document.addEventListener("keydown", (event) => {
    const box = combo(event);
    if (!box) return;
    const shown = !box.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!shown) ask(box);
      else if (box.items.length) mark(box, (box.at + (event.key === "ArrowDown" ? 1 : -1) + box.items.length) % box.items.length);
    } else if (event.key === "Enter" && shown) {
      event.preventDefault();
      if (box.items[box.at]) take(box, box.items[box.at]);
    } else if (event.key === "Tab" && shown && box.items[box.at]) {
      take(box, box.items[box.at]);
    } else if (event.key === "Escape" && shown) {
      event.preventDefault();
      event.stopPropagation();
      shut(box);
    }
  });
  document.addEventListener("pointerdown", (event) => {
    const li = event.target.closest?.("[data-typeahead] [role=option]");
    if (!li) return;
    event.preventDefault();
    const box = boxOf(li.closest("[data-typeahead]").querySelector("[role=combobox]"));
    take(box, box.items[[...li.parentElement.children].indexOf(li)]);
  });
  document.addEventListener("focusout", (event) => {
    const box = combo(event);
    if (!box) return;
    clearTimeout(box.timer);
    shut(box);
    const loose = box.input.value.trim() && !box.hidden.value && box.input.value !== box.chosen;
    box.input.setCustomValidity(loose ? Q.words.list : "");
  });
})();
