// The days between which a KPI is explained are picked on its chart: a point begins, the next one ends. Without this
// script the days are typed.
(function () {
  "use strict";
  var all = function (what, where) { return Array.prototype.slice.call((where || document).querySelectorAll(what)); };
  var since = document.getElementById("since"), until = document.getElementById("until"), first = "", focused = "";
  if (!since || !until) return;

  function prepare() {
    all("[data-picks]").forEach(function (figure) {
      all("[data-day]", figure).forEach(function (point) {
        if (point.getAttribute("role") !== "button") point.setAttribute("role", "button");
        point.classList.toggle("begun", point.dataset.day === first);
      });
      all("[data-with-script]", figure).forEach(function (node) { node.hidden = false; });
      if (focused && document.activeElement === document.body) {
        var point = figure.querySelector('[data-day="' + focused + '"]');
        if (point) point.focus();
      }
    });
  }

  function pick(day) {
    focused = day;
    if (!first) {
      first = day;
      prepare();
      return;
    }
    var days = [first, day].sort();
    first = "";
    prepare();
    if (days[0] === days[1]) return;
    since.value = days[0];
    until.value = days[1];
    until.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function dayOf(event) {
    var point = event.target.closest && event.target.closest("[data-picks] [data-day]");
    return point ? point.dataset.day : "";
  }

  // The fields have the days that are explained, unless somebody types in them.
  function fill() {
    var moved = document.getElementById("moved");
    [since, until].forEach(function (field) {
      if (moved && moved.dataset[field.id] && field !== document.activeElement) field.value = moved.dataset[field.id];
    });
  }

  // A click on the chart means the nearest point, since points are small for a finger.
  function nearestDay(event) {
    var chart = event.target.closest("[data-picks] svg"), best = "", least = Infinity;
    if (chart) all("[data-day]", chart).forEach(function (point) {
      var box = point.querySelector("circle").getBoundingClientRect();
      var distance = Math.abs(box.left + box.width / 2 - event.clientX);
      if (distance < least) { best = point.dataset.day; least = distance; }
    });
    return best;
  }
  document.addEventListener("click", function (event) {
    var day = dayOf(event) || nearestDay(event);
    if (day) pick(day);
  });
  document.addEventListener("keydown", function (event) {
    if ((event.key !== "Enter" && event.key !== " ") || !dayOf(event)) return;
    event.preventDefault();
    pick(dayOf(event));
  });
  document.addEventListener("okrctl:replaced", prepare);
  var part = document.getElementById("answer");
  if (part) new MutationObserver(prepare).observe(part, { childList: true });
  var moved = document.getElementById("moved");
  if (moved) new MutationObserver(fill).observe(moved, { attributes: true });
  prepare();
})();
