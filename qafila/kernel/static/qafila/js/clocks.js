// Instants in the viewer's zone, with the zone; time limits counted down.
(function () {
  "use strict";
  const lang = !document.documentElement.lang || document.documentElement.lang === "en" ? "en-IN" : document.documentElement.lang;
  const FULL = new Intl.DateTimeFormat(lang, {
    day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hour12: false,
    timeZoneName: "short", numberingSystem: "latn",
  });
  const HOUR = new Intl.DateTimeFormat(lang, {
    hour: "2-digit", minute: "2-digit", hour12: false, timeZoneName: "short", numberingSystem: "latn",
  });
  const AGO = new Intl.RelativeTimeFormat(lang + "-u-nu-latn", { numeric: "auto", style: "short" });
  const UNITS = [["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600], ["minute", 60]];

  function ago(seconds) {
    for (const [unit, size] of UNITS)
      if (Math.abs(seconds) >= size) return AGO.format(Math.round(seconds / size), unit);
    return AGO.format(0, "minute");
  }
  const counted = (n, unit) =>
    new Intl.NumberFormat(lang + "-u-nu-latn", { style: "unit", unit, unitDisplay: "narrow" }).format(n);

  function left(seconds) {
    const s = Math.abs(Math.trunc(seconds));
    const two = (n) => String(n).padStart(2, "0");
    const sign = seconds < 0 ? "−" : "";
    if (s >= 86400) return sign + counted(Math.floor(s / 86400), "day") + " " + counted(Math.floor((s % 86400) / 3600), "hour");
    if (s >= 3600) return sign + counted(Math.floor(s / 3600), "hour") + " " + counted(Math.floor((s % 3600) / 60), "minute");
    return sign + two(Math.floor(s / 60)) + ":" + two(s % 60);
  }

  function clocks(within) {
    for (const time of within.querySelectorAll("time[data-local]")) {
      const at = new Date(time.dateTime);
      if (isNaN(at)) continue;
      const full = FULL.format(at);
      const kind = time.dataset.local;
      time.textContent = kind === "ago" ? ago((at - Date.now()) / 1000) : kind === "time" ? HOUR.format(at) : full;
      time.title = kind === "full" ? at.toISOString().replace("T", " ").slice(0, 16) + " UTC" : full;
    }
    tick();
  }
  function tick() {
    for (const time of document.querySelectorAll("time[data-countdown]")) {
      const at = new Date(time.dateTime);
      if (isNaN(at)) continue;
      const rest = (at - Date.now()) / 1000;
      time.textContent = left(rest);
      time.title = FULL.format(at);
      time.classList.toggle("near", rest >= 0 && rest < 86400);
      time.classList.toggle("over", rest < 0);
    }
  }
  setInterval(tick, 1000);
  window.qafila.onArrival(clocks);
})();
