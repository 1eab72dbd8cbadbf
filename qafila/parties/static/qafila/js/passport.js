// The lines at the foot of a passport, pasted or scanned: read by the server, check digits and all, and put into the
// fields beside them. data-passport-read="/path" on the textarea; its data-passport container holds the fields, named
// passport_no or passengers[0].passport_no alike, and a data-passport-said that tells what came of it.
(function () {
  "use strict";
  const FIELDS = {
    passport_no: "passport_no", passport_expiry: "expiry", nationality: "nationality", date_of_birth: "date_of_birth",
    gender: "gender", first_name: "given_names", last_name: "surname", customer_id: "customer_id", phone: "phone",
  };
  const titled = (name) => name.toLowerCase().replace(/(^|[\s'-])\p{L}/gu, (start) => start.toUpperCase());
  const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content || "";

  function field(box, name) {
    return [...box.querySelectorAll("input, select, textarea")].find((f) => f.name === name || f.name.endsWith(`.${name}`));
  }
  function fill(box, said) {
    for (const [name, key] of Object.entries(FIELDS)) {
      const target = field(box, name);
      if (!target || !said[key]) continue;
      if ((name === "phone" || name.endsWith("_name")) && target.value) continue; // what was typed is better spelt
      target.value = name.endsWith("_name") ? titled(said[key]) : said[key];
      target.dispatchEvent(new Event("input", { bubbles: true }));
      target.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
  async function read(area) {
    const lines = area.value.trim().split(/[\r\n]+/);
    const letters = lines.join("").replace(/\s/g, "").length;
    if (letters !== 88 && letters !== 90) return;
    if (area.dataset.read === area.value) return;
    area.dataset.read = area.value;
    const box = area.closest("[data-passport]") || area.form;
    const told = box.querySelector("[data-passport-said]");
    try {
      const answer = await fetch(area.dataset.passportRead, {
        method: "POST", credentials: "same-origin", body: JSON.stringify({ lines }),
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrf(), Accept: "application/json" },
      });
      const said = await answer.json();
      area.setAttribute("aria-invalid", answer.ok ? "false" : "true");
      if (!answer.ok) {
        if (told) told.textContent = said.detail;
        return;
      }
      fill(box, said);
      if (told) told.textContent = `✓ ${said.given_names} ${said.surname}` + (said.customer_name ? ` · ${said.customer_name}` : "");
      area.dispatchEvent(new CustomEvent("passport:read", { bubbles: true, detail: said }));
    } catch {
      area.removeAttribute("data-read");
      window.qafila?.toast?.(window.qafila.words.unreachable, "error");
    }
  }
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("[data-passport-read]")) read(event.target);
  });
})();
