// Before the first paint: the remembered look and width of the menu. Small and blocking on purpose.
(function () {
  var root = document.documentElement;
  try {
    var theme = localStorage.getItem("qafila.theme");
    if (theme === "light" || theme === "dark") root.setAttribute("data-bs-theme", theme);
    if (localStorage.getItem("qafila.nav") === "mini") root.setAttribute("data-nav", "mini");
  } catch (e) {
    // Storage may be forbidden; the page then follows the system's look.
  }
  root.classList.add("js");
})();
