// Pages on which people choose what they look at: a choice shows at once and stays in the address. Without this script
// the form has a button.
(function () {
  "use strict";
  var all = function (what, where) { return Array.prototype.slice.call((where || document).querySelectorAll(what)); };
  var byId = function (id) { return document.getElementById(id); };
  var timer = 0, asked = 0, DAY = 86400000;

  function prepare() {
    all("[data-without-script]").forEach(function (node) { node.hidden = true; });
    var shown = document.querySelector("[data-shown]");
    all("[data-moves]").forEach(function (slider) {
      var field = byId(slider.dataset.moves);
      if (shown) {
        field.value = shown.dataset.shown;
        field.dataset.newest = shown.dataset.newest;
        slider.max = daysBetween(field.dataset.first, shown.dataset.last);
      }
      if (field.value) slider.value = daysBetween(field.dataset.first, field.value);
      describe(slider);
    });
  }
  function daysBetween(first, last) { return Math.round((Date.parse(last) - Date.parse(first)) / DAY); }

  function formOf(field) {
    var form = field.form;
    return form && form.hasAttribute("data-look") ? form : null;
  }

  function addressOf(form) {
    var fields = new URLSearchParams();
    new FormData(form).forEach(function (value, name) {
      var field = byId(name);
      if (value && !(field && field.dataset.newest === value)) fields.append(name, value);
    });
    var text = fields.toString();
    return form.getAttribute("action") + (text ? "?" + text : "");
  }

  function show(form, wait) {
    clearTimeout(timer);
    timer = setTimeout(function () { load(addressOf(form)); }, wait);
  }

  function load(address) {
    var mine = ++asked, working = byId("working");
    var slow = setTimeout(function () { if (working) working.textContent = working.dataset.text; }, 250);
    fetch(address, { credentials: "same-origin", headers: { Accept: "text/html" } })
      .then(function (answer) { return answer.text(); })
      .then(function (text) {
        clearTimeout(slow);
        if (mine !== asked) return;
        if (working) working.textContent = "";
        var page = new DOMParser().parseFromString(text, "text/html");
        if (!replaceParts(page)) { location.assign(address); return; }
        history.replaceState(null, "", address);
        prepare();
      })
      .catch(function () { location.assign(address); });
  }

  // Parts that are on both pages are replaced; what is open stays open, and the fields are left alone.
  function replaceParts(page) {
    var here = all("[data-part]"), there = all("[data-part]", page);
    if (!here.length || here.length !== there.length) return false;
    here.forEach(function (part) {
      var next = page.getElementById(part.id);
      if (!next) return;
      Object.keys(next.dataset).forEach(function (name) { part.dataset[name] = next.dataset[name]; });
      if (next.innerHTML === part.innerHTML) return;
      var open = all("details[open]", part).map(nameOf).filter(Boolean);
      part.innerHTML = next.innerHTML;
      all("details", part).forEach(function (node) { if (open.indexOf(nameOf(node)) >= 0) node.open = true; });
    });
    return true;
  }

  function nameOf(details) {
    var holder = details.closest("[id]");
    var place = holder ? all("details", holder).indexOf(details) : -1;
    return holder && !holder.hasAttribute("data-part") ? holder.id + " " + place : "";
  }

  // The slider moves the date field beside it.
  function dayOf(slider) {
    var first = byId(slider.dataset.moves).dataset.first;
    return new Date(Date.parse(first) + Number(slider.value) * DAY).toISOString().slice(0, 10);
  }
  function describe(slider) { slider.setAttribute("aria-valuetext", dayOf(slider)); }

  document.addEventListener("input", function (event) {
    var field = event.target, form = formOf(field);
    if (field.dataset && field.dataset.moves) {
      byId(field.dataset.moves).value = dayOf(field);
      describe(field);
      show(byId(field.dataset.moves).form, 200);
    } else if (form && field.type === "search") {
      show(form, 250);
    }
  });
  document.addEventListener("change", function (event) {
    var form = formOf(event.target);
    if (!form || event.target.dataset.moves || event.target.type === "search") return;
    show(form, 0);
  });
  document.addEventListener("submit", function (event) {
    if (!event.target.hasAttribute("data-look")) return;
    event.preventDefault();
    show(event.target, 0);
  });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-folds]");
    if (!button) return;
    all("details", byId(button.dataset.folds)).forEach(function (node) {
      node.open = button.value === "open";
    });
  });
  document.addEventListener("okrctl:replaced", prepare);
  prepare();
})();
