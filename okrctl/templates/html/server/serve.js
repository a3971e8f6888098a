// Makes pages of the server live: forms that can be saved at once, effects while typing, and changes on disk.
// Every page reads and every form works without this script.
(function () {
  "use strict";
  var all = function (what, where) { return Array.prototype.slice.call((where || document).querySelectorAll(what)); };
  var token = (document.querySelector("meta[name=okrctl-token]") || {}).content || "";

  all("[data-with-script]").forEach(function (node) { node.hidden = false; });
  var pages = document.querySelector("nav.site ul"), here = pages && pages.querySelector("[aria-current]");
  if (here) pages.scrollLeft = here.offsetLeft - pages.offsetLeft;  // on a small screen the row scrolls
  var focused = document.querySelector("[data-focus]");
  if (focused) focused.focus();

  // What a typed value does, shown before it is saved.
  all("form[data-effects]").forEach(function (form) {
    all("li", form).forEach(function (row) {
      var says = row.querySelector(".says"), ref = row.querySelector("input[name=ref]"), timer = 0, asked = 0;
      if (!says || !ref) return;
      row.addEventListener("input", function () {
        clearTimeout(timer);
        timer = setTimeout(function () { ask(form, row, says, ++asked, function () { return asked; }); }, 150);
      });
    });
  });

  function ask(form, row, says, number, newest) {
    var fields = new URLSearchParams({ token: token });
    all("input, select", row).forEach(function (field) {
      if (field.name && (field.type !== "radio" || field.checked)) fields.append(field.name, field.value);
    });
    fetch(form.dataset.effects, { method: "POST", body: fields, credentials: "same-origin" })
      .then(function (answer) { return answer.json(); })
      .then(function (found) {
        if (number !== newest()) return;
        var typed = all("input:not([type=hidden]):not([type=date]), select", row).some(function (field) {
          return field.type !== "radio" && field.value;
        });
        var problem = typed ? found.problem || found.doubt || "" : "";
        says.textContent = typed ? problem || found.effect || "" : "";
        row.classList.toggle("problem", Boolean(problem));
      })
      .catch(function () { says.textContent = ""; });
  }

  // The arrows go from one value to the next.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    var fields = all("form.round input.value"), place = fields.indexOf(event.target);
    var next = fields[place + (event.key === "ArrowDown" ? 1 : -1)];
    if (place < 0 || !next) return;
    event.preventDefault();
    next.focus();
  });

  // A form is sent once.
  all("form[method=post]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "yes";
      window.addEventListener("pageshow", function () { delete form.dataset.sent; });
    });
  });

  // Changes on disk. One tab holds the stream for all tabs of this browser; hidden tabs do not ask for it.
  var channel = "BroadcastChannel" in window ? new BroadcastChannel("okrctl") : null;
  var stream = null, release = null, waiting = null;

  function isTyped() {
    return all("main form[method=post] input, main form[method=post] textarea, main form[method=post] select")
      .some(function (field) {
        if (field.type === "hidden") return false;
        if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
        if (field.tagName === "SELECT") {
          return all("option", field).some(function (option) { return option.selected !== option.defaultSelected; }) &&
            field.selectedIndex > 0;
        }
        return field.value !== field.defaultValue;
      });
  }

  function follow() {
    var notice = document.getElementById("changed");
    if (isTyped() || document.querySelector("[role=alert][data-focus], form[data-typed]")) {
      if (notice) notice.hidden = false;
      return;
    }
    fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } })
      .then(function (answer) { return answer.ok || answer.status < 500 ? answer.text() : null; })
      .then(function (text) {
        if (text === null || isTyped()) { if (notice && text !== null) notice.hidden = false; return; }
        replace(new DOMParser().parseFromString(text, "text/html"));
      })
      .catch(function () { if (notice) notice.hidden = false; });
  }

  function replace(page) {
    var main = document.getElementById("main"), next = page.getElementById("main");
    var header = document.querySelector("header"), nextHeader = page.querySelector("header");
    if (!main || !next || main.innerHTML === next.innerHTML) return;
    var open = all("details", main).map(function (node) { return node.open; });
    var active = document.activeElement, id = active && active.id, top = window.scrollY;
    main.innerHTML = next.innerHTML;
    if (header && nextHeader) header.innerHTML = nextHeader.innerHTML;
    all("details", main).forEach(function (node, place) { if (open[place]) node.open = true; });
    all("[data-with-script]", main).forEach(function (node) { node.hidden = false; });
    if (id && document.getElementById(id)) document.getElementById(id).focus();
    window.scrollTo(0, top);
    document.dispatchEvent(new Event("okrctl:replaced"));
  }

  function changed() {
    clearTimeout(waiting);
    waiting = setTimeout(follow, 30);
  }

  function listen() {
    if (stream || document.hidden) return;
    if (!navigator.locks) { open(function () {}); return; }
    navigator.locks.request("okrctl-stream", { mode: "exclusive" }, function () {
      if (document.hidden) return null;
      return new Promise(function (done) { release = done; open(done); });
    });
  }

  function open(done) {
    stream = new EventSource("/events");
    stream.addEventListener("change", function (event) {
      if (channel) channel.postMessage(event.data);
      changed();
    });
    stream.onerror = function () {
      if (stream && stream.readyState === 2) { close(); done(); setTimeout(listen, 5000); }
    };
  }

  function close() {
    if (stream) stream.close();
    stream = null;
    if (release) release();
    release = null;
  }

  if (channel) channel.onmessage = changed;
  document.addEventListener("visibilitychange", function () {
    if (document.hidden) close(); else { listen(); changed(); }
  });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", function (event) { if (event.persisted) listen(); });
  if ("EventSource" in window) listen();
})();
