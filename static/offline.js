// Without a network: what was typed waits on this page (waiting.js), and stays on the telephone only if the person says
// so. It goes under the form's own id, so that it is never there twice; then its number is shown.
(function () {
  "use strict";
  var KEPT = "jaabi-garde", SENDING = "jaabi-envoi", LONGEST = 7 * 24 * 60 * 60 * 1000;

  function kept() {
    try {
      return JSON.parse(localStorage.getItem(KEPT) || "[]").filter(function (one) { return Date.now() - one.at < LONGEST; });
    } catch (error) { return []; }
  }
  function put(list) {
    if (list.length) localStorage.setItem(KEPT, JSON.stringify(list));
    else localStorage.removeItem(KEPT);
  }
  function without(once) { return kept().filter(function (one) { return one.once !== once; }); }

  if (document.querySelector("[data-receipt]")) {
    put(without(sessionStorage.getItem(SENDING)));
    sessionStorage.removeItem(SENDING);
  }
  var form = document.querySelector("form[data-worker]");
  if (!form) return;
  put(kept());

  var keep = document.querySelector("[data-keep]"), choice = keep.querySelector("input");
  var banner = document.querySelector("[data-kept]");
  keep.hidden = false;
  var once = form.elements.once || add(form, "once", "");
  if (!once.value) once.value = window.crypto.randomUUID();

  function add(to, name, value) {
    var field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    return to.appendChild(field);
  }
  function typed() {
    var fields = [];
    new FormData(form).forEach(function (value, name) {
      if (typeof value === "string" && name !== "csrfmiddlewaretoken") fields.push([name, value]);
    });
    return fields;
  }
  function remember() {
    put(without(once.value).concat(choice.checked ? [{ once: once.value, at: Date.now(), fields: typed() }] : []));
  }
  choice.addEventListener("change", remember);
  form.addEventListener("input", function () { if (choice.checked) remember(); });
  keep.querySelector("button").addEventListener("click", function () {
    choice.checked = false;
    remember();
    form.reset();
    waits.stop();
    form.querySelector("textarea").focus();
  });

  form.addEventListener("submit", function () { if (choice.checked) remember(); });
  var waits = window.waitsForNetwork(form, function (id) { sessionStorage.setItem(SENDING, id); });

  // Others may hold this telephone: that something waits is said, what it says is not shown.
  var first = kept()[0];
  if (first && first.once !== once.value) {
    banner.hidden = false;
    banner.querySelector("[data-send]").addEventListener("click", function () {
      var again = document.createElement("form");
      again.method = "post";
      again.action = form.action;
      again.hidden = true;
      first.fields.forEach(function (field) { add(again, field[0], field[1]); });
      document.body.appendChild(again);
      waits.send(again, first.once).catch(function () { banner.querySelector("[data-no-network]").hidden = false; });
    });
    banner.querySelector("[data-wipe]").addEventListener("click", function () {
      put(kept().filter(function (one) { return one.once === once.value; }));
      banner.hidden = true;
    });
  }
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(form.dataset.worker).then(function () { return navigator.serviceWorker.ready; })
      .then(function (ready) { ready.active.postMessage(document.documentElement.lang); }).catch(function () {});
  }
})();
