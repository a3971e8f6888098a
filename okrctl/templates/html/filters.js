// Filters and sorts the objectives of a report; without this script the page shows all of them.
(function () {
  "use strict";
  var bar = document.getElementById("filters");
  if (!bar) return;
  bar.hidden = false;
  var field = function (id) { return document.getElementById(id); };
  var list = function (where, what) { return Array.prototype.slice.call(where.querySelectorAll(what)); };
  var teams = list(document, ".team").map(function (team) {
    return { node: team, id: team.dataset.team, articles: list(team, "article").map(function (article, place) {
      return {
        node: article, place: place, owner: article.dataset.owner, status: article.dataset.status,
        score: Number(article.dataset.score), gap: Number(article.dataset.gap),
        head: article.querySelector("h4").textContent.toLowerCase(),
        rows: list(article, "tbody tr").map(function (row) {
          return { node: row, owner: row.dataset.owner, status: row.dataset.status,
                   text: row.textContent.toLowerCase() };
        })
      };
    }) };
  });
  var orders = {
    written: function (a, b) { return a.place - b.place; },
    score: function (a, b) { return a.score - b.score || a.place - b.place; },
    gap: function (a, b) { return b.gap - a.gap || a.place - b.place; },
    title: function (a, b) { return a.head < b.head ? -1 : a.head > b.head ? 1 : a.place - b.place; }
  };
  function apply() {
    var teamId = field("f-team").value, owner = field("f-owner").value, status = field("f-status").value;
    var words = field("f-text").value.toLowerCase().split(/\s+/).filter(Boolean);
    var shown = 0, results = 0;
    var has = function (text) { return words.every(function (word) { return text.indexOf(word) >= 0; }); };
    var fits = function (item) { return (!owner || item.owner === owner) && (!status || item.status === status); };
    teams.forEach(function (team) {
      var any = false;
      team.articles.forEach(function (article) {
        var own = (!teamId || team.id === teamId) && fits(article) && has(article.head), some = 0;
        article.rows.forEach(function (row) {
          var good = (!teamId || team.id === teamId) && fits(row) && has(article.head + " " + row.text);
          row.node.hidden = !good;
          if (good) some += 1;
        });
        if (own && !some) article.rows.forEach(function (row) { row.node.hidden = false; some += 1; });
        article.node.hidden = !(own || some);
        if (own || some) { any = true; shown += 1; results += some; }
      });
      team.node.hidden = !any;
    });
    field("f-count").textContent = shown + (shown === 1 ? " objective, " : " objectives, ") +
      results + (results === 1 ? " key result" : " key results");
  }
  function sort() {
    var order = orders[field("f-sort").value];
    teams.forEach(function (team) {
      team.articles.slice().sort(order).forEach(function (article) { team.node.appendChild(article.node); });
    });
  }
  ["f-team", "f-owner", "f-status"].forEach(function (id) { field(id).addEventListener("change", apply); });
  field("f-text").addEventListener("input", apply);
  field("f-sort").addEventListener("change", sort);
  field("f-clear").addEventListener("click", function () {
    ["f-team", "f-owner", "f-status", "f-text"].forEach(function (id) { field(id).value = ""; });
    field("f-sort").value = "written";
    sort();
    apply();
    field("f-text").focus();
  });
  apply();
})();
