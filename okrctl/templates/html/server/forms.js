// Forms that answer while one types, and fields that a choice makes needless. Both are read without this script too:
// a button of the form gives the same answer, and all fields are there. Events are heard at the document, since a page
// that follows the files replaces its forms.
(function () {
  "use strict";
  var all = function (what, where) { return Array.prototype.slice.call((where || document).querySelectorAll(what)); };
  var timer = 0, asked = 0;

  // The answer of the server to what is typed: the form is sent as it is, and what comes back is shown in it.
  function ask(form) {
    var place = form.querySelector("[data-live-answer]"), number = ++asked;
    var fields = new URLSearchParams(new FormData(form));
    fields.set("action", "live");
    fetch(form.dataset.live || form.getAttribute("action"), { method: "POST", body: fields, credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.text() : ""; })
      .then(function (text) { if (number === asked && text) place.innerHTML = text; })
      .catch(function () { place.textContent = ""; });
  }

  document.addEventListener("input", function (event) {
    var form = event.target.closest("form[data-live]");
    if (!form) return;
    clearTimeout(timer);
    timer = setTimeout(function () { ask(form); }, 350);
  });

  // A field that names kinds is shown where one of these is chosen beside it.
  function show(choice) {
    all("[data-kinds]", choice.closest("fieldset")).forEach(function (field) {
      field.hidden = field.dataset.kinds.trim().split(" ").indexOf(choice.value) < 0;
    });
  }

  document.addEventListener("change", function (event) {
    if (event.target.matches("select[data-kind]")) show(event.target);
  });

  function start() {
    all("[data-without-script]").forEach(function (node) { node.hidden = true; });
    all("select[data-kind]").forEach(show);
    all("form[data-live-first]").forEach(ask);
  }

  document.addEventListener("okrctl:replaced", start);
  start();
})();
