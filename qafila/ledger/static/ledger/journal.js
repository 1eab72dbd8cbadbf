// The manual journal's foot: what the lines add up to, and how far the two sides are apart. Thousandths, never floats.
(function () {
  "use strict";
  function thousandths(text) {
    const found = /^(\d+)(?:\.(\d{1,3}))?$/.exec(String(text).replace(/[,\s]/g, ""));
    return found ? BigInt(found[1]) * 1000n + BigInt((found[2] || "").padEnd(3, "0")) : 0n;
  }
  function shown(value) {
    const sign = value < 0n ? "-" : "";
    const plain = value < 0n ? -value : value;
    const cents = String(plain % 1000n).padStart(3, "0").replace(/0$/, "");
    return `${sign}${String(plain / 1000n).replace(/\B(?=(\d{3})+(?!\d))/g, ",")}.${cents}`;
  }
  function add(form) {
    const sum = (side) =>
      [...form.querySelectorAll(`input[name$=".${side}"]`)].reduce((all, input) => all + thousandths(input.value), 0n);
    const debit = sum("debit");
    const credit = sum("credit");
    form.querySelector("[data-debit]").textContent = shown(debit);
    form.querySelector("[data-credit]").textContent = shown(credit);
    const apart = form.querySelector("[data-apart]");
    apart.textContent = debit === credit ? apart.dataset.even : shown(debit - credit);
    apart.classList.toggle("owed", debit !== credit);
  }
  // A code typed or pasted without choosing from the list is the account all the same.
  document.addEventListener("change", (event) => {
    const shown = event.target.closest?.("[data-journal] input[data-for$='.account']");
    const kept = shown && shown.parentElement.querySelector("input[type=hidden]");
    if (kept && !kept.value) kept.value = shown.value.trim().split(/[\s·]/)[0];
  });
  document.addEventListener("submit", (event) => {
    for (const shown of event.target.querySelectorAll?.("[data-journal] input[data-for$='.account']") || [])
      shown.dispatchEvent(new Event("change", { bubbles: true }));
  }, true);
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("[data-journal]") || (event.target.matches?.("[data-journal]") && event.target);
    if (form) add(form);
  });
  const form = document.querySelector("[data-journal]");
  if (form) add(form);
})();
