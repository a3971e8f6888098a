// Filters and sorts the objectives of a report; without this script the page shows all of them. What is chosen stays in
// the address behind "#", since a page that is opened as a file may change no other part of it.
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
        head: article.querySelector("h4").textContent.toLowerCase(), fold: article.querySelector("details"),
        rows: list(article, ".results tbody tr").map(function (row) {
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
  var names = { "f-team": "team", "f-owner": "owner", "f-status": "status", "f-text": "words", "f-sort": "order" };
  var ids = Object.keys(names), unset = { "f-sort": "written" };
  function remember() {
    var parts = ids.filter(function (id) { return field(id).value !== (unset[id] || ""); }).map(function (id) {
      return names[id] + "=" + encodeURIComponent(field(id).value);
    });
    var hash = parts.length ? "#" + parts.join("&") : "";
    if (hash || isChoice(location.hash)) history.replaceState(null, "", hash || location.href.split("#")[0]);
  }
  function isChoice(hash) { return /^#[a-z]+=/.test(hash); }
  function recall() {
    if (!isChoice(location.hash)) return reveal();
    var found = {};
    location.hash.slice(1).split("&").forEach(function (part) {
      var cut = part.indexOf("=");
      try { found[part.slice(0, cut)] = decodeURIComponent(part.slice(cut + 1)); } catch (broken) { return; }
    });
    ids.forEach(function (id) {
      field(id).value = found[names[id]] || unset[id] || "";
      if (field(id).selectedIndex === -1) field(id).value = unset[id] || "";
    });
    sort();
    apply();
  }
  // A link to a goal opens the objective that it is in.
  function reveal() {
    var name = "";
    try { name = decodeURIComponent(location.hash.slice(1)); } catch (broken) { return; }
    var target = name && document.getElementById(name), article = target && target.closest("article");
    if (!article) return;
    if (article.hidden || target.hidden) clear();
    article.querySelector("details").open = true;
    target.scrollIntoView();
  }
  function apply() {
    var teamId = field("f-team").value, owner = field("f-owner").value, status = field("f-status").value;
    var words = field("f-text").value.toLowerCase().split(/\s+/).filter(Boolean);
    var shown = 0, aside = 0, results = 0, guardrails = 0;
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
        if (some && (owner || status || words.length) && !own) article.fold.open = true;
        if (!own && !some) return;
        any = true;
        if (article.node.dataset.aside) { aside += 1; return; }
        shown += 1;
        article.rows.filter(function (row) { return !row.node.hidden; }).forEach(function (row) {
          if (row.node.dataset.aside === "guardrail") guardrails += 1;
          else if (!row.node.dataset.aside) results += 1;
        });
      });
      team.node.hidden = !any;
    });
    var count = function (number, word) { return number + " " + word + (number === 1 ? "" : "s"); };
    field("f-count").textContent = count(shown, "objective") + (aside ? " and " + aside + " not active" : "") + ", " +
      count(results, "key result") + (guardrails ? ", " + count(guardrails, "guardrail") : "");
  }
  function sort() {
    var order = orders[field("f-sort").value];
    teams.forEach(function (team) {
      team.articles.slice().sort(order).forEach(function (article) { team.node.appendChild(article.node); });
    });
  }
  function clear() {
    ids.forEach(function (id) { field(id).value = unset[id] || ""; });
    sort();
    apply();
  }
  ids.forEach(function (id) {
    field(id).addEventListener(id === "f-text" ? "input" : "change", function () {
      sort();
      apply();
      remember();
    });
  });
  field("f-clear").addEventListener("click", function () {
    clear();
    remember();
    field("f-text").focus();
  });
  addEventListener("hashchange", recall);
  apply();
  recall();
})();
