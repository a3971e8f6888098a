// What takes a while is fetched after the page is shown: a link leads to the page that has it, in a part of the same id.
(function () {
  "use strict";
  var main = document.getElementById("main");
  if (!main) return;

  function load() {
    Array.prototype.slice.call(document.querySelectorAll("[data-later]")).forEach(function (node) {
      if (node.dataset.asked) return;
      node.dataset.asked = "yes";
      var part = node.closest("[data-part]"), link = node.querySelector("a"), address = link.href;
      link.textContent = "Reading the history …";
      fetch(address, { credentials: "same-origin", headers: { Accept: "text/html" } })
        .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(answer.status); })
        .then(function (text) {
          var next = new DOMParser().parseFromString(text, "text/html").getElementById(part.id);
          if (next && part.contains(node)) part.innerHTML = next.innerHTML;
        })
        .catch(function () { link.textContent = "Show the history"; });
    });
  }
  new MutationObserver(load).observe(main, { childList: true, subtree: true });
  load();
})();
