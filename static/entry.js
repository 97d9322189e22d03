// What is typed survives: sealed on the server while there is a network; without one, here, encrypted under a key that
// only this person's own pages hold. The form's id makes one record of it, however often it is sent.
(function () {
  "use strict";
  var form = document.querySelector("form[data-entry]");
  if (!form || !window.fetch || !window.indexedDB || !window.crypto || !crypto.subtle) return;
  var list = document.getElementById("kept"), state = form.querySelector("[data-draft-state]");
  var KEPT_FOR_NEXT = ["channel", "said_on", "place", "language", "mode"], DAYS = 7 * 864e5, NAME = "saisies";
  var key = crypto.subtle.importKey("raw", bytes(atob(form.dataset.draftKey)), "AES-GCM", false, ["encrypt", "decrypt"]);
  var timer = 0, sending = false, leaving = false, unkept = "", wrong = {};

  function bytes(text) { return Uint8Array.from(text, function (c) { return c.charCodeAt(0); }); }
  function say(name) { state.textContent = name ? state.dataset[name] : ""; }
  function once() { return form.elements.once.value; }
  function typed() {
    return Array.from(new FormData(form)).filter(function (pair) { return pair[0] !== "csrfmiddlewaretoken" && pair[0] !== "then"; });
  }
  function hasWords() { return form.elements.words.value.trim() !== ""; }

  // -- kept here, encrypted --------------------------------------------------------------------------------------------
  function store(mode, work) {
    return new Promise(function (resolve, reject) {
      var opening = indexedDB.open(NAME, 1);
      opening.onupgradeneeded = function () { opening.result.createObjectStore(NAME, { keyPath: "id" }); };
      opening.onerror = reject;
      opening.onsuccess = function () {
        var base = opening.result, asked = work(base.transaction(NAME, mode).objectStore(NAME));
        asked.onsuccess = function () { resolve(asked.result); base.close(); };
        asked.onerror = function () { reject(asked.error); base.close(); };
      };
    });
  }
  function keepHere(fields, id, then) {
    var nonce = crypto.getRandomValues(new Uint8Array(12)), text = new TextEncoder().encode(JSON.stringify({ fields: fields, then: then }));
    return key.then(function (k) { return crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: bytes(id) }, k, text); })
      .then(function (blob) { return store("readwrite", function (s) { return s.put({ id: id, at: Date.now(), nonce: nonce, blob: blob }); }); });
  }
  function drop(id) { return store("readwrite", function (s) { return s.delete(id); }); }
  // Only what this person's key opens; what is too old goes, whoever left it.
  function keptHere() {
    return Promise.all([key, store("readonly", function (s) { return s.getAll(); })]).then(function (got) {
      return Promise.all(got[1].map(function (row) {
        if (Date.now() - row.at > DAYS) return drop(row.id).then(function () { return null; });
        return crypto.subtle.decrypt({ name: "AES-GCM", iv: row.nonce, additionalData: bytes(row.id) }, got[0], row.blob)
          .then(function (text) { return Object.assign(JSON.parse(new TextDecoder().decode(text)), { id: row.id, at: row.at }); }, function () { return null; });
      }));
    }).then(function (rows) { return rows.filter(Boolean); });
  }

  // -- sent ------------------------------------------------------------------------------------------------------------
  function post(address, fields, then) {
    var body = new URLSearchParams(fields);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    if (then) body.set("then", then);
    return fetch(address, { method: "POST", body: body, credentials: "same-origin", redirect: "error" });
  }
  function autosave() {
    if (!hasWords()) return;
    var fields = typed(), id = once();
    post(form.dataset.drafts, fields).then(function (answer) {
      if (!answer.ok) throw new Error("away");
      return answer.json();
    }).then(function (answer) {
      if (id !== once()) return;
      unkept = answer.kept ? "" : id;
      say(answer.kept ? "kept" : "notKept");
      drop(id);
    }).catch(function () {
      if (id !== once()) return;
      keepHere(fields, id, null).then(function () { say("here"); }, function () { say("lost"); });
    });
  }
  form.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(autosave, 2000);
  });
  form.addEventListener("submit", function (event) {
    clearTimeout(timer);
    if (leaving) return;
    event.preventDefault();
    if (!hasWords() && !navigator.onLine) { form.elements.words.focus(); return; }
    var then = (event.submitter && event.submitter.value) || "save";
    if (navigator.onLine) { leave(event.submitter); return; }
    keepHere(typed(), once(), then === "draft" ? null : then).then(nextForm, function () { say("lost"); });
  });
  // A line that breaks while the form is on its way loses nothing: the copy goes once the next page shows a number.
  function leave(submitter) {
    var id = once(), isDraft = submitter && submitter.value === "draft";
    var kept = unkept === id || isDraft ? Promise.resolve() : keepHere(typed(), id, null);
    kept.catch(function () { }).then(function () {
      sessionStorage.setItem(NAME, id);
      leaving = true;
      form.requestSubmit(submitter);
      leaving = false;
    });
  }
  function nextForm() {
    var kept = KEPT_FOR_NEXT.map(function (name) { return [name, new FormData(form).get(name)]; });
    form.reset();
    Array.from(form.elements).forEach(function (el) { if (el.type !== "hidden" && el.type !== "radio" && el.type !== "checkbox" && el.tagName !== "SELECT" && el.tagName !== "BUTTON") el.value = ""; });
    fill(kept);
    form.elements.once.value = crypto.randomUUID();
    say("here");
    form.elements.words.focus();
    show();
  }
  function fill(fields) {
    fields.forEach(function (pair) {
      var el = form.elements[pair[0]];
      if (!el || pair[1] === null) return;
      if (el.type === "checkbox") el.checked = true;
      else if (el.tagName === "SELECT" && el.multiple) Array.from(el.options).forEach(function (o) { if (o.value === pair[1]) o.selected = true; });
      else el.value = pair[1];
    });
  }

  // -- the network is back ---------------------------------------------------------------------------------------------
  function sendAll() {
    if (sending || !navigator.onLine) return;
    sending = true;
    keptHere().then(function (rows) {
      return rows.filter(function (row) { return row.then; }).reduce(function (before, row) {
        return before.then(function () { return send(row); });
      }, Promise.resolve());
    }).catch(function () { }).then(function () { sending = false; show(); });
  }
  function send(row) {
    return post(form.action, row.fields, row.then === "save" ? "" : row.then).then(function (answer) {
      return answer.text().then(function (html) {
        var told = new DOMParser().parseFromString(html, "text/html").querySelector("[data-entered] .receipt");
        if (answer.ok && told) return drop(row.id).then(function () { line(row, list.dataset.sent, told.textContent.trim()); });
        if (answer.status === 422) return keepHere(row.fields, row.id, null).then(function () { row.then = null; wrong[row.id] = true; });
        throw new Error("away");
      });
    });
  }
  function line(row, text, number) {
    var li = document.createElement("li"), when = document.createElement("time");
    li.dataset.id = number ? "" : row.id;
    when.textContent = new Date(row.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    li.append(when, " ", text, " ");
    if (number) { var b = document.createElement("b"); b.textContent = number; li.append(b); }
    else if (!row.then) li.append(button(list.dataset.restore, function () { restore(row); }), button(list.dataset.drop, function () { drop(row.id).then(show); }));
    list.querySelector("ul").append(li);
    list.hidden = false;
  }
  function button(text, work) {
    var el = document.createElement("button");
    el.type = "button"; el.className = "btn btn-outline-secondary btn-sm"; el.textContent = text;
    el.addEventListener("click", work);
    return el;
  }
  function restore(row) {
    form.reset();
    fill(row.fields);
    form.elements.once.value = row.id;
    show();
    form.elements.words.focus();
  }
  function show() {
    return keptHere().then(function (rows) {
      Array.from(list.querySelectorAll("li")).forEach(function (li) { if (li.dataset.id) li.remove(); });
      rows.filter(function (row) { return row.id !== once(); }).forEach(function (row) {
        line(row, row.then ? list.dataset.waiting : wrong[row.id] ? list.dataset.wrong : list.dataset.unfinished);
      });
      list.hidden = !list.querySelector("li");
    }).catch(function () { });
  }
  window.addEventListener("online", sendAll);
  setInterval(sendAll, 30000);
  var left = sessionStorage.getItem(NAME);
  sessionStorage.removeItem(NAME);
  (left && document.querySelector("[data-entered]") ? drop(left).catch(function () { }) : Promise.resolve()).then(show).then(sendAll);
})();
