// Without a network: what was typed waits on this page, and stays on the telephone only if the person says so. It goes
// when the network is back, under the form's own id, so that it is never there twice; then its number is shown.
(function () {
  "use strict";
  var KEPT = "jaabi-garde", SENDING = "jaabi-envoi", LONGEST = 7 * 24 * 60 * 60 * 1000, AGAIN = 5000;

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
  var waits = document.querySelector("[data-waits]"), staying = document.querySelector("[data-staying]");
  var banner = document.querySelector("[data-kept]"), timer, isSent = false;
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
    stop();
    form.querySelector("textarea").focus();
  });

  // Asks first whether the network is there: a form sent without one is lost with its page. The copy that opened
  // without a network has no token of this browser: a fresh page brings it.
  function reach(what) {
    var asks = what.elements.csrfmiddlewaretoken ? fetch(form.dataset.worker, { method: "HEAD", cache: "no-store" })
      : fetch(form.action, { cache: "no-store" });
    return asks.then(function (answer) {
      if (!answer.ok) throw new Error();
      return answer.text();
    }).then(function (text) {
      if (what.elements.csrfmiddlewaretoken) return;
      add(what, "csrfmiddlewaretoken", new DOMParser().parseFromString(text, "text/html")
        .querySelector("[name=csrfmiddlewaretoken]").value);
    });
  }
  function send(what, id) {
    return reach(what).then(function () {
      if (isSent) return;
      isSent = true;
      sessionStorage.setItem(SENDING, id);
      what.submit();
    });
  }
  function stop() { clearInterval(timer); waits.hidden = true; }
  function wait() {
    waits.hidden = false;
    staying.hidden = !choice.checked;
    clearInterval(timer);
    timer = setInterval(retry, AGAIN);
    waits.focus();
  }
  function retry() { send(form, once.value).catch(function () {}); }
  window.addEventListener("online", function () { if (!waits.hidden) retry(); });
  window.addEventListener("pageshow", function () { isSent = false; });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (choice.checked) remember();
    if (navigator.onLine) send(form, once.value).catch(wait);
    else wait();
  });

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
      send(again, first.once).catch(function () { banner.querySelector("[data-no-network]").hidden = false; });
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
