// What is added to a message without a network waits on the page (waiting.js). It stays on the telephone only if its
// writer says so, and sealed under their number, which does not stay: who writes that number again finds it.
(function () {
  "use strict";
  var KEPT = "jaabi-ajouts", SENDING = "jaabi-ajout", LONGEST = 7 * 24 * 60 * 60 * 1000, ROUNDS = 300000;
  var form = document.querySelector("form[data-adding]"), keys = {}, turn = Promise.resolve();
  if (!form) return;
  var words = form.elements.more, once = form.elements.once;
  var keep = document.querySelector("[data-keep]"), choice = keep.querySelector("input");
  var waits = window.waitsForNetwork(form, function (id) { sessionStorage.setItem(SENDING, id); });

  function letters(bytes) { return btoa(String.fromCharCode.apply(null, new Uint8Array(bytes))); }
  function bytes(text) { return Uint8Array.from(atob(text), function (one) { return one.charCodeAt(0); }); }
  function fresh(length) { return letters(crypto.getRandomValues(new Uint8Array(length))); }
  function kept() {
    var all = null;
    try { all = JSON.parse(localStorage.getItem(KEPT)); } catch (error) { /* a browser that keeps nothing */ }
    all = all || { salt: fresh(16), list: [] };
    all.list = all.list.filter(function (one) { return Date.now() - one.at < LONGEST; });
    return all;
  }
  function put(all) {
    if (all.list.length) localStorage.setItem(KEPT, JSON.stringify(all));
    else localStorage.removeItem(KEPT);
  }
  function forget(id) {
    var all = kept();
    all.list = all.list.filter(function (one) { return one.once !== id; });
    put(all);
    return all;
  }
  function key(salt) {
    keys[salt] = keys[salt] || crypto.subtle.importKey(
      "raw", new TextEncoder().encode(form.elements.number.value), "PBKDF2", false, ["deriveKey"]
    ).then(function (number) {
      var way = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: ROUNDS };
      return crypto.subtle.deriveKey(way, number, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    });
    return keys[salt];
  }
  function seal() {
    var all = forget(once.value), iv = fresh(12);
    if (!choice.checked || !words.value) return null;
    return key(all.salt).then(function (known) {
      return crypto.subtle.encrypt({ name: "AES-GCM", iv: bytes(iv) }, known, new TextEncoder().encode(words.value));
    }).then(function (sealed) {
      all.list.push({ once: once.value, at: Date.now(), iv: iv, sealed: letters(sealed) });
      put(all);
    });
  }
  function remember() { turn = turn.then(seal).catch(function () {}); }
  function open(one, salt) {
    return key(salt).then(function (known) {
      return crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(one.iv) }, known, bytes(one.sealed));
    }).then(function (opened) {
      if (words.value) return;
      words.value = new TextDecoder().decode(opened);
      once.value = one.once;
      choice.checked = true;
      document.querySelector("[data-back]").hidden = false;
    }).catch(function () { /* it is another's */ });
  }

  if (document.querySelector("[data-added]")) forget(sessionStorage.getItem(SENDING));
  sessionStorage.removeItem(SENDING);
  put(kept());
  if (!window.crypto || !crypto.subtle) return;
  keep.hidden = false;
  choice.addEventListener("change", remember);
  form.addEventListener("input", function () { if (choice.checked) remember(); });
  keep.querySelector("button").addEventListener("click", function () {
    choice.checked = false;
    remember();
    form.reset();
    waits.stop();
    words.focus();
  });
  var all = kept();
  all.list.forEach(function (one) { turn = turn.then(function () { return open(one, all.salt); }); });
})();
